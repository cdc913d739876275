package guestapi

import (
	"fmt"
	"time"
)

// Port is the name of the virtio port that the agent serves.
const Port = "podium.agent"

// SystemdWord on the kernel's command line has the machine's init give way to systemd.
const SystemdWord = "podium.systemd"

// Service is the name under which net/rpc knows the agent.
const Service = "Guest"

// The simulated header: the label of the chip and the lines of the suggested
// wiring, as on a Raspberry Pi 4.
const (
	ChipLabel   = "pinctrl-bcm2711"
	LineRequest = "GPIO17"
	LineCancel  = "GPIO27"
	LineRed     = "GPIO22"
	LineGreen   = "GPIO23"
)

// None stands where a call has nothing to say.
type None struct{}

// Command is a program with its arguments. Env is added to a small standard
// environment. A Timeout of 0 means one minute.
type Command struct {
	Args    []string
	Env     []string
	Stdin   string
	Timeout time.Duration
}

// Outcome is how a command ended. Exit is -1 when a signal or the time-out
// ended it; Stderr then says which.
type Outcome struct {
	Exit           int
	Stdout, Stderr string
	Took           time.Duration
}

// Start asks for a process that goes on under a name.
type Start struct {
	Name string
	Command
}

// Signal sends a signal, by number, to a named process.
type Signal struct {
	Name   string
	Number int
}

// Process is the state of a named process. Output is all it has written so
// far, standard output and standard error together.
type Process struct {
	PID     int
	Running bool
	Exit    int
	Ended   time.Duration
	Output  string
}

// String leaves the output out.
func (p Process) String() string {
	if p.Running {
		return fmt.Sprintf("process %d runs", p.PID)
	}
	return fmt.Sprintf("process %d ended at %s with exit %d", p.PID, p.Ended, p.Exit)
}

// Press pulls a line low for Hold and lets it go: what a button to ground does.
type Press struct {
	Line string
	Hold time.Duration
}

// Pull sets the level that a line has from outside.
type Pull struct {
	Line string
	High bool
}

// LampChange is one change of a line's level, as the line had it.
type LampChange struct {
	At   time.Duration
	Line string
	High bool
}

// Lamps is the timeline of both lamps since the agent started, with the levels
// now and the time of asking.
type Lamps struct {
	Now     time.Duration
	Changes []LampChange
	Level   map[string]bool
}

// Holder is a process that has a device open.
type Holder struct {
	PID     int
	Command string
	Path    string
}

// Flow is the RTP of one source (SSRC) from one address to another, seen on
// the wire of the loopback interface and not by any program of the podium.
type Flow struct {
	From, To    string
	SSRC        uint32
	PayloadType uint8
	Packets     int
	Bytes       int
	First, Last time.Duration
}

// Wire is all RTP flows, with the time of asking.
type Wire struct {
	Now   time.Duration
	Flows []Flow
}

// Packets asks for the RTP packets to an address since a moment.
type Packets struct {
	To    string
	Since time.Duration
}

// Packet is one RTP packet on the wire of the loopback interface.
type Packet struct {
	At          time.Duration
	To          string
	PayloadType uint8
}

// Moment is one moment on three clocks: the agent's, the wall's, and the one
// that stands still while the machine sleeps.
type Moment struct {
	At        time.Duration
	Wall      time.Time
	Monotonic time.Duration
}

// Slept is the machine's sleep, from just before to just after.
type Slept struct{ From, To Moment }

// Pause asks for a microphone, by the beginning of its path, that gives the
// process nothing any more (On), or goes on.
type Pause struct {
	Process, Path string
	On            bool
}

// Notice is what a program told its service manager; sd_notify(3). Driven are
// the lamps' lines that a program drove when it told that it is ready.
type Notice struct {
	At           time.Duration
	Text, Driven string
}

// View asks for a WHEP viewer under a name. URL is the WHEP resource; video is
// written to Dir/Name.h264 (Annex B) and sound to Dir/Name.ogg.
type View struct {
	Name, URL, Token, Dir string
}

// Track is what a viewer has received of one kind ("video", "audio").
type Track struct {
	Codec       string
	Packets     int
	Bytes       int
	First, Last time.Duration
}

// Viewer is the state of a viewer. Refused is the server's answer when it did
// not let the viewer in (the status line and the body).
type Viewer struct {
	State   string
	Refused string
	Tracks  map[string]Track
}

// File is a file to write; Mode holds the permission bits.
type File struct {
	Name string
	Mode uint32
	Data []byte
}

// Follow asks to follow a stream of server-sent events, served over HTTP on a
// Unix socket, under a name.
type Follow struct {
	Name, Socket, Path string
}

// Event is one server-sent event's data and when it came.
type Event struct {
	At   time.Duration
	Data []byte
}

// Events is what a followed stream has brought. Ended is zero while it goes on.
type Events struct {
	Events []Event
	Ended  time.Duration
}
