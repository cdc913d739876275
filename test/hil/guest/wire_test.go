package main

import (
	"encoding/binary"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// udp4 is an IPv4 packet from 127.0.0.1:40000 to 127.0.0.1:8189.
func udp4(payload ...byte) []byte {
	packet := make([]byte, 28)
	packet[0], packet[9] = 0x45, 17
	copy(packet[12:], []byte{127, 0, 0, 1, 127, 0, 0, 1})
	binary.BigEndian.PutUint16(packet[20:], 40000)
	binary.BigEndian.PutUint16(packet[22:], 8189)
	return append(packet, payload...)
}

// udp6 is the same between ::1 and ::1.
func udp6(payload ...byte) []byte {
	packet := make([]byte, 48)
	packet[0], packet[6], packet[23], packet[39] = 0x60, 17, 1, 1
	binary.BigEndian.PutUint16(packet[40:], 40000)
	binary.BigEndian.PutUint16(packet[42:], 8189)
	return append(packet, payload...)
}

func header12(first, second byte) []byte {
	return []byte{first, second, 0, 1, 0, 0, 0, 2, 0xca, 0xfe, 0, 1, 'x'}
}

func newWire() *wireWatch {
	return &wireWatch{clock: startClock(), flows: map[flowKey]*guestapi.Flow{}}
}

func TestOnlyRTPCounts(t *testing.T) {
	tcp := udp4(header12(0x80, 0x60)...)
	tcp[9] = 6
	for name, row := range map[string]struct {
		packet []byte
		to     string
	}{
		"RTP":             {udp4(header12(0x80, 0x60)...), "127.0.0.1:8189"},
		"RTP, marker":     {udp4(header12(0x90, 0xe0)...), "127.0.0.1:8189"},
		"RTP over IPv6":   {udp6(header12(0x80, 0x60)...), "[::1]:8189"},
		"RTCP":            {udp4(header12(0x80, 200)...), ""},
		"STUN":            {udp4(header12(0x00, 0x01)...), ""},
		"DTLS":            {udp4(header12(0x16, 0xfe)...), ""},
		"TCP":             {tcp, ""},
		"short":           {udp4(0x80, 0x60), ""},
		"empty":           {nil, ""},
		"header too long": {append([]byte{0x4f}, udp4(header12(0x80, 0x60)...)[1:]...), ""},
	} {
		w := newWire()
		w.see(row.packet, time.Second)
		if row.to == "" && len(w.flows) != 0 {
			t.Errorf("%s was counted as RTP", name)
		}
		for _, f := range w.flows {
			if f.To != row.to || f.SSRC != 0xcafe0001 || f.PayloadType != 0x60 || f.Packets != 1 || f.First != time.Second {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if row.to != "" && len(w.flows) != 1 {
			t.Errorf("%s: %d flows, want 1", name, len(w.flows))
		}
	}
}

func TestFlowKeepsFirstAndLast(t *testing.T) {
	w := newWire()
	for n := range 3 {
		w.see(udp4(header12(0x80, 0x60)...), time.Duration(n+1)*time.Second)
	}
	for _, f := range w.flows {
		if f.Packets != 3 || f.Bytes != 39 || f.First != time.Second || f.Last != 3*time.Second {
			t.Errorf("%+v", f)
		}
	}
}

func FuzzWire(f *testing.F) {
	f.Add(udp4(header12(0x80, 0x60)...))
	f.Add(udp6(header12(0x80, 0x60)...))
	f.Add([]byte{0x4f})
	f.Fuzz(func(_ *testing.T, packet []byte) { newWire().see(packet, 0) })
}
