package main

import (
	"encoding/binary"
	"net"
	"path/filepath"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

// stamp is the control message of a packet that the kernel saw at a time.
func stamp(at time.Time) []byte {
	b := make([]byte, unix.CmsgSpace(16))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
	h.Level, h.Type = unix.SOL_SOCKET, unix.SO_TIMESTAMPNS
	h.SetLen(unix.CmsgLen(16))
	data := b[unix.CmsgLen(0):]
	binary.NativeEndian.PutUint64(data, uint64(at.Unix()))
	binary.NativeEndian.PutUint64(data[8:], uint64(at.Nanosecond()))
	return b
}

func TestAgeOfAPacket(t *testing.T) {
	now := time.Now()
	for name, row := range map[string]struct {
		control []byte
		want    time.Duration
	}{
		"late":                   {stamp(now.Add(-300 * time.Millisecond)), 300 * time.Millisecond},
		"no stamp":               {nil, 0},
		"the clock went back":    {stamp(now.Add(time.Hour)), 0},
		"the clock went forward": {stamp(now.Add(-2 * time.Hour)), 0},
	} {
		if got := age(row.control, now); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}

func TestPacketsSince(t *testing.T) {
	w := newWire()
	for n := range 3 {
		w.see(udp4(header12(0x80, 0x60)...), time.Duration(n)*time.Second)
	}
	g := &Guest{wire: w}
	for since, want := range map[time.Duration]int{0: 3, time.Second: 2, 3 * time.Second: 0} {
		var packets []guestapi.Packet
		if err := g.Packets(guestapi.Packets{To: "127.0.0.1:8189", Since: since}, &packets); err != nil || len(packets) != want {
			t.Errorf("since %s: %+v, %v; want %d", since, packets, err, want)
		}
	}
}

// The kernel's structures; their sizes are in the numbers of the calls too.
func TestSizes(t *testing.T) {
	for name, row := range map[string][2]uintptr{
		"v4l2_ext_control":  {unsafe.Sizeof(extControl{}), 20},
		"v4l2_ext_controls": {unsafe.Sizeof(extControls{}), setExtControls >> 16 & 0x3fff},
		"uffdio_register":   {unsafe.Sizeof(uffdRegistration{}), uffdRegister >> 16 & 0x3fff},
		"gpio_v2_line_info": {unsafe.Sizeof(lineInfo{}), getLineInfo >> 16 & 0x3fff},
	} {
		if row[0] != row[1] {
			t.Errorf("%s has %d bytes, want %d", name, row[0], row[1])
		}
	}
}

func TestNotices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	g := &Guest{clock: startClock(), header: &header{lines: "none"}}
	socket, err := g.listen(path)
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan struct{})
	go func() {
		g.hear(socket)
		close(heard)
	}()
	program, err := net.Dial("unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"READY=1", "WATCHDOG=1"} {
		if _, err := program.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	var all []guestapi.Notice
	for len(all) < 2 {
		if err := g.Notices(guestapi.None{}, &all); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if all[0].Text != "READY=1" || all[1].Text != "WATCHDOG=1" || all[0].Driven != "" {
		t.Errorf("%+v", all)
	}
	if err := program.Close(); err != nil {
		t.Error(err)
	}
	if err := socket.Close(); err != nil {
		t.Error(err)
	}
	<-heard
}

func TestPauseNeedsAProcessThatHasTheCard(t *testing.T) {
	g := &Guest{clock: startClock()}
	if err := g.Pause(guestapi.Pause{Process: "nobody"}, nil); err == nil {
		t.Error("paused a microphone of nobody")
	}
	if _, err := openFile(1<<30, "/dev/snd"); err == nil {
		t.Error("found an open file of no process")
	}
}
