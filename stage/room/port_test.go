package room

import (
	"net"
	"slices"
	"testing"
)

func TestListen(t *testing.T) {
	for _, bad := range []Config{
		{Listen: "nowhere"}, {Listen: "127.0.0.1:99999"},
		{Listen: "127.0.0.1:0", Announce: []string{"media.example"}},
	} {
		if room, err := New(bad); err == nil {
			t.Errorf("%+v was accepted", bad)
			_ = room.Close()
		}
	}
	for listen, network := range map[string]string{"127.0.0.1:0": "udp4", "0.0.0.0:0": "udp4", "[::]:0": "udp"} {
		room, err := New(Config{Listen: listen})
		if err != nil {
			t.Fatal(err)
		}
		port := room.Addr().(*net.UDPAddr).Port
		if _, err := net.ListenPacket(network, room.Addr().String()); err == nil || port == 0 {
			t.Errorf("%s: the room does not hold %s", listen, room.Addr())
		}
		for _, addr := range room.port.GetListenAddresses() {
			udp := addr.(*net.UDPAddr)
			if udp.IP.IsUnspecified() || udp.Port != port {
				t.Errorf("%s: would offer %s", listen, udp)
			}
		}
		if err := room.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestUnspecifiedOffersEveryInterface(t *testing.T) {
	all := interfaceAddrs(false)
	if len(all) == 0 {
		t.Fatal("no address at all, not even loopback")
	}
	for _, addr := range interfaceAddrs(true) {
		if !addr.Is4() || !slices.Contains(all, addr) {
			t.Errorf("%s among the IPv4 addresses", addr)
		}
	}
}
