// Command podium is the one binary: the podium's daemon on the device, the stage
// service, the demo of both, and the tools of hosts and technicians.
//
// It may import everything. It must not hold logic: flags, signals and exit
// codes stand here, the rest in the packages that it joins.
package main
