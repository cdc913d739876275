package link

import "testing"

func ipv4(protocol byte, rest ...byte) []byte {
	return append([]byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1}, rest...)
}

func ipv6(next byte, rest ...byte) []byte {
	header := make([]byte, leastIPv6)
	header[0], header[6] = 0x60, next
	return append(header, rest...)
}

// udp is a UDP packet of n bytes that begins with these.
func udp(n int, begin ...byte) []byte {
	data := make([]byte, leastUDP+n)
	copy(data[leastUDP:], begin)
	return data
}

func TestKindOf(t *testing.T) {
	options := append([]byte{0x46}, ipv4(17)[1:]...)
	fragment := ipv4(17, udp(20, 0x80, 111)...)
	fragment[7] = 1
	for _, row := range []struct {
		name   string
		packet []byte
		want   Kind
	}{
		{"nothing", nil, Other},
		{"a byte", []byte{0x45}, Other},
		{"another version", []byte{0x15, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, Other},
		{"TCP", ipv4(6, make([]byte, 20)...), TCP},
		{"TCP over IPv6", ipv6(6), TCP},
		{"ICMP", ipv4(1, make([]byte, 20)...), Other},
		{"empty UDP", ipv4(17, udp(0)...), Other},
		{"a check", ipv4(17, udp(20, 0, 1)...), STUN},
		{"the highest of STUN", ipv4(17, udp(20, 3, 1)...), STUN},
		{"ZRTP", ipv4(17, udp(20, 16)...), Other},
		{"the lowest of DTLS", ipv4(17, udp(20, 20)...), DTLS},
		{"the highest of DTLS", ipv4(17, udp(20, 63)...), DTLS},
		{"TURN channel", ipv4(17, udp(20, 64)...), Other},
		{"sound", ipv4(17, udp(40, 0x80, 111)...), RTP},
		{"sound with marker", ipv4(17, udp(40, 0x90, 0x80|111)...), RTP},
		{"picture over IPv6", ipv6(17, udp(40, 0x80, 102)...), RTP},
		{"picture behind IP options", append(append(options, 0, 0, 0, 0), udp(40, 0x80, 102)...), RTP},
		{"sender report", ipv4(17, udp(28, 0x80, 200)...), RTCP},
		{"feedback", ipv4(17, udp(12, 0x81, 206)...), RTCP},
		{"the lowest of RTCP", ipv4(17, udp(8, 0x81, 192)...), RTCP},
		{"the highest of RTCP", ipv4(17, udp(8, 0x81, 223)...), RTCP},
		{"too short for RTP", ipv4(17, udp(11, 0x80, 111)...), Other},
		{"a later fragment", fragment, Other},
	} {
		if got := KindOf(row.packet); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

func FuzzKindOf(f *testing.F) {
	f.Add(ipv4(17, udp(40, 0x80, 111)...))
	f.Add(ipv6(17, udp(1)...))
	f.Add([]byte{0x4f})
	f.Fuzz(func(t *testing.T, packet []byte) {
		if k := KindOf(packet); k < Other || k >= kinds {
			t.Errorf("kind %d", k)
		}
	})
}
