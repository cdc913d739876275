// Package enrol lets a podium come to its credential by a short code that a host reads off
// the console, and pins the server on the way: both sides prove that they know the code,
// and the podium's proof covers the key of the server that it talks to. Who stands in
// between has another key, and would have to guess the code within ten minutes.
//
// It may import the standard library only. It must not do I/O: the server and the command
// carry what it says.
package enrol
