package machine

import (
	"context"
	"fmt"
	"net"
	"net/rpc"
	"time"

	"podium/test/hil/guestapi"
)

// Guest is the agent in the machine, as the test sees it. Its methods are safe
// for use by several goroutines at once.
type Guest struct{ rpc *rpc.Client }

func newGuest(conn net.Conn) Guest { return Guest{rpc.NewClient(conn)} }

// answerTime bounds calls that the agent answers without waiting for anything.
const answerTime = 5 * time.Minute

func (g Guest) call(ctx context.Context, method string, args, reply any) error {
	call := g.rpc.Go(guestapi.Service+"."+method, args, reply, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		return call.Error
	case <-ctx.Done():
		return fmt.Errorf("no answer to %s: %w", method, context.Cause(ctx))
	}
}

// ask is call with the usual time limit.
func ask[Reply any](g Guest, method string, args any) (reply Reply, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	return reply, g.call(ctx, method, args, &reply)
}

// Run runs a command in the machine to its end.
func (g Guest) Run(c guestapi.Command) (out guestapi.Outcome, err error) {
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.Timeout+answerTime)
	defer cancel()
	return out, g.call(ctx, "Run", c, &out)
}

// Start starts a program under a name and returns its process id.
func (g Guest) Start(name string, args ...string) (int, error) {
	return ask[int](g, "Start", guestapi.Start{Name: name, Command: guestapi.Command{Args: args}})
}

// StartWith starts a program under a name with more in its environment.
func (g Guest) StartWith(name string, env []string, args ...string) (int, error) {
	return ask[int](g, "Start", guestapi.Start{Name: name, Command: guestapi.Command{Args: args, Env: env}})
}

// Signal sends a signal to a program that Start started.
func (g Guest) Signal(name string, number int) error {
	_, err := ask[guestapi.None](g, "Signal", guestapi.Signal{Name: name, Number: number})
	return err
}

// Process tells how a program is that Start started.
func (g Guest) Process(name string) (guestapi.Process, error) {
	return ask[guestapi.Process](g, "Process", name)
}

// Press presses the button on a line for the time given and returns when it
// was pressed.
func (g Guest) Press(line string, hold time.Duration) (time.Duration, error) {
	return ask[time.Duration](g, "Press", guestapi.Press{Line: line, Hold: hold})
}

// Pull sets a line's level from outside.
func (g Guest) Pull(line string, high bool) error {
	_, err := ask[guestapi.None](g, "Pull", guestapi.Pull{Line: line, High: high})
	return err
}

// Lamps returns the timeline of the lamps.
func (g Guest) Lamps() (guestapi.Lamps, error) {
	return ask[guestapi.Lamps](g, "Lamps", guestapi.None{})
}

// Wire returns all RTP that the machine's loopback has carried.
func (g Guest) Wire() (guestapi.Wire, error) { return ask[guestapi.Wire](g, "Wire", guestapi.None{}) }

// Packets returns the RTP packets to an address since a moment.
func (g Guest) Packets(to string, since time.Duration) ([]guestapi.Packet, error) {
	return ask[[]guestapi.Packet](g, "Packets", guestapi.Packets{To: to, Since: since})
}

// Holders returns who has files open whose path begins with prefix.
func (g Guest) Holders(prefix string) ([]guestapi.Holder, error) {
	return ask[[]guestapi.Holder](g, "Holders", prefix)
}

// View starts a WHEP viewer.
func (g Guest) View(v guestapi.View) (guestapi.Viewer, error) {
	return ask[guestapi.Viewer](g, "View", v)
}

// Viewer tells what a viewer has received.
func (g Guest) Viewer(name string) (guestapi.Viewer, error) {
	return ask[guestapi.Viewer](g, "Viewer", name)
}

// CloseViewer ends a viewer and completes its files.
func (g Guest) CloseViewer(name string) (guestapi.Viewer, error) {
	return ask[guestapi.Viewer](g, "CloseViewer", name)
}

// ReadFile returns a file of the machine.
func (g Guest) ReadFile(name string) ([]byte, error) { return ask[[]byte](g, "ReadFile", name) }

// WriteFile makes a file in the machine.
func (g Guest) WriteFile(name string, mode uint32, data []byte) error {
	_, err := ask[guestapi.None](g, "WriteFile", guestapi.File{Name: name, Mode: mode, Data: data})
	return err
}

// Follow follows a stream of server-sent events on a Unix socket.
func (g Guest) Follow(name, socket, path string) error {
	_, err := ask[guestapi.None](g, "Follow", guestapi.Follow{Name: name, Socket: socket, Path: path})
	return err
}

// Events returns what a followed stream has brought.
func (g Guest) Events(name string) (guestapi.Events, error) {
	return ask[guestapi.Events](g, "Events", name)
}
