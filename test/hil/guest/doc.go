// Command guest is the agent inside the virtual podium. As process 1 it is the
// machine's init: it mounts the kernel's file systems, loads the modules, makes
// the simulated header and starts itself again to serve the test over a virtio
// port. It presses buttons, watches lamps, the wire and the devices' holders,
// runs the podium's programs and views the stage; it judges nothing, the test does.
//
// It may import: Pion (to view), golang.org/x/sys/unix, test/hil/guestapi.
// It must not import any package of the podium: it is the outside witness.
package main
