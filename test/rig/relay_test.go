package rig

import (
	"encoding/binary"
	"net"
	"testing"
	"time"
)

// check is a STUN request with a USERNAME behind another attribute.
func check(username string) []byte {
	p := make([]byte, stunHeader)
	p[1] = 1
	binary.BigEndian.PutUint32(p[4:], stunCookie)
	for _, a := range []struct {
		kind  uint16
		value string
	}{{0x8022, "agent"}, {stunUsername, username}} {
		p = binary.BigEndian.AppendUint16(p, a.kind)
		p = binary.BigEndian.AppendUint16(p, uint16(len(a.value)))
		p = append(p, a.value...)
		for len(p)%4 != 0 {
			p = append(p, 0)
		}
	}
	return p
}

func media(pt byte) []byte { return append([]byte{0x80, pt}, make([]byte, 20)...) }

func TestPackets(t *testing.T) {
	short := check("a:b")
	for _, row := range []struct {
		name   string
		packet []byte
		rtp    bool
		caller string
	}{
		{"nothing", nil, false, ""},
		{"a check", check("server:podium"), false, "podium"},
		{"a check without a name", check("server"), false, ""},
		{"a check that is cut", short[:len(short)-6], false, ""},
		{"sound", media(111), true, ""},
		{"picture with marker", media(0x80 | 102), true, ""},
		{"sender report", media(200), false, ""},
		{"feedback", media(206), false, ""},
		{"handshake", append([]byte{22, 254, 253}, make([]byte, 20)...), false, ""},
		{"too short", media(111)[:11], false, ""},
	} {
		if got := isRTP(row.packet); got != row.rtp {
			t.Errorf("%s: RTP %t", row.name, got)
		}
		if got := caller(row.packet); got != row.caller {
			t.Errorf("%s: from %q, want %q", row.name, got, row.caller)
		}
	}
}

// relayed is a relay with a server behind it and a podium before it.
func relayed(t *testing.T) (r *Relay, server, podium *net.UDPConn) {
	t.Helper()
	r, err := OpenRelay()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	if server, err = net.ListenUDP("udp4", r.to); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	outside, _ := r.outside.LocalAddr().(*net.UDPAddr)
	if podium, err = net.DialUDP("udp4", nil, outside); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { podium.Close() })
	return r, server, podium
}

func receive(t *testing.T, c *net.UDPConn, within time.Duration) (from *net.UDPAddr, ok bool) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(within))
	_, from, err := c.ReadFromUDP(make([]byte, largestDatagram))
	return from, err == nil
}

func TestARelayHandsOnAndNotes(t *testing.T) {
	r, server, podium := relayed(t)
	lane := r.Lane()
	lane.Expect("me")
	_, _ = podium.Write(media(111))
	if _, ok := receive(t, server, 100*time.Millisecond); ok {
		t.Fatal("a stranger's packet was handed on")
	}
	_, _ = podium.Write(check("server:me"))
	from, ok := receive(t, server, patience)
	if !ok {
		t.Fatal("a check was not handed on")
	}
	if lane.Packets() != 0 {
		t.Error("a check counts as media")
	}
	sent := time.Now()
	_, _ = podium.Write(media(111))
	if _, ok := receive(t, server, patience); !ok || lane.Packets() != 1 {
		t.Fatalf("%d packets noted, handed on: %t", lane.Packets(), ok)
	}
	if last := lane.Last(); last.Before(sent.Add(-time.Millisecond)) || last.After(time.Now()) {
		t.Errorf("sent at %s, noted at %s", sent, last)
	}
	_, _ = server.WriteToUDP([]byte("back"), from)
	if _, ok := receive(t, podium, patience); !ok {
		t.Error("an answer was not handed back")
	}
}

func TestAHeldLaneStillSeesWhatThePodiumSends(t *testing.T) {
	r, server, podium := relayed(t)
	lane, other := r.Lane(), r.Lane()
	lane.Expect("me")
	other.Expect("another")
	_, _ = podium.Write(check("server:me"))
	from, ok := receive(t, server, patience)
	if !ok {
		t.Fatal("a check was not handed on")
	}
	lane.Hold(true, true)
	_, _ = podium.Write(media(111))
	if _, ok := receive(t, server, 100*time.Millisecond); ok {
		t.Error("a held lane hands a packet on")
	}
	_, _ = server.WriteToUDP([]byte("back"), from)
	if _, ok := receive(t, podium, 100*time.Millisecond); ok {
		t.Error("a held lane hands a packet back")
	}
	if lane.Packets() != 1 || other.Packets() != 0 {
		t.Errorf("noted %d packets, and %d of another podium", lane.Packets(), other.Packets())
	}
	lane.Hold(false, false)
	_, _ = podium.Write(media(111))
	if _, ok := receive(t, server, patience); !ok {
		t.Error("after the hold nothing is handed on")
	}
}

func TestARelayForgets(t *testing.T) {
	r := &Relay{expected: map[string]*Lane{}}
	lane := r.Lane()
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		lane.Expect(name)
	}
	if len(r.expected) != offersKept || r.expected["f"] != lane || r.expected["b"] != nil {
		t.Errorf("expected are %v", r.expected)
	}
}

// TestAPortThatIsAnotherPodiumsNow: the kernel hands a port out again at once.
func TestAPortThatIsAnotherPodiumsNow(t *testing.T) {
	r, server, podium := relayed(t)
	one, two := r.Lane(), r.Lane()
	one.Expect("one")
	two.Expect("two")
	for _, lane := range []struct {
		name string
		of   *Lane
	}{{"one", one}, {"two", two}} {
		for _, packet := range [][]byte{check("server:" + lane.name), media(111)} {
			if _, err := podium.Write(packet); err != nil {
				t.Fatal(err)
			}
			if _, ok := receive(t, server, 30*time.Second); !ok {
				t.Fatalf("a packet of %s did not come", lane.name)
			}
		}
		if n := lane.of.Packets(); n != 1 {
			t.Errorf("%d packets are counted as %s's", n, lane.name)
		}
	}
}
