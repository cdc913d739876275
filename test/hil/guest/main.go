package main

import (
	"fmt"
	"net/rpc"
	"os"
	"path/filepath"
	"strings"
	"time"

	"podium/test/hil/guestapi"
)

func main() {
	if os.Getpid() == 1 {
		runInit()
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "uvcfeed" {
		if err := feedCamera(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "guest: cannot feed the camera:", err)
			os.Exit(1)
		}
		return
	}
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "guest: cannot serve the test:", err)
		os.Exit(1)
	}
}

// Guest carries out the test's calls; its exported methods are the RPC calls.
type Guest struct {
	clock     clock
	header    *header
	lamps     *lampWatch
	wire      *wireWatch
	processes processes
	viewers   viewers
	streams   streams
	notices   notices
	hung      hung
}

// serve answers the test until the connection ends.
func serve() error {
	header, err := findHeader(guestapi.ChipLabel)
	if err != nil {
		return err
	}
	g := &Guest{clock: startClock(), header: header}
	if g.lamps, err = watchLamps(header, g.clock, guestapi.LineRed, guestapi.LineGreen); err != nil {
		return err
	}
	if g.wire, err = watchWire(g.clock); err != nil {
		return err
	}
	server := rpc.NewServer()
	if err := server.RegisterName(guestapi.Service, g); err != nil {
		return err
	}
	port, err := openPort(guestapi.Port)
	if err != nil {
		return err
	}
	server.ServeConn(port)
	// A program that waits for the camera's driver could not even be killed.
	if err := g.Unhang(guestapi.None{}, nil); err != nil {
		return err
	}
	g.processes.killAll()
	if underSystemd() { // which would go on without anybody
		switchOff()
	}
	return nil
}

// openPort finds the virtio port by its name.
func openPort(name string) (*os.File, error) {
	files, err := filepath.Glob("/sys/class/virtio-ports/*/name")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(text)) == name {
			return os.OpenFile("/dev/"+filepath.Base(filepath.Dir(file)), os.O_RDWR, 0)
		}
	}
	return nil, fmt.Errorf("cannot find virtio port %q among %d", name, len(files))
}

// Ping answers with the time since the agent started.
func (g *Guest) Ping(_ guestapi.None, at *time.Duration) error {
	*at = g.clock.now()
	return nil
}
