package discovery

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"testing"

	"github.com/hashicorp/mdns"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// On loopback, which takes multicast when it is asked to by name.
func TestFind(t *testing.T) {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		Announce(ctx, Stage{Port: 8443, TLS: true, On: lo, IPs: []net.IP{net.IPv4(127, 0, 0, 1)}}, slog.New(slog.DiscardHandler))
	}()
	for range 5 { // the first question may come before the announcement
		found, err := Find(ctx, lo)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(found, []string{"https://127.0.0.1:8443"}) {
			end()
			<-done
			return
		}
		t.Logf("found %q", found)
	}
	end()
	<-done
	t.Error("the stage was not found")
}

func TestAddress(t *testing.T) {
	four, six := net.IPv4(192, 0, 2, 7), &net.IPAddr{IP: net.ParseIP("2001:db8::7")}
	for want, entry := range map[string]mdns.ServiceEntry{
		"http://192.0.2.7:8080":     {AddrV4: four, Port: 8080},
		"https://192.0.2.7:8443":    {AddrV4: four, Port: 8443, InfoFields: []string{"path=/console", "tls=1"}},
		"http://[2001:db8::7]:8080": {AddrV6IPAddr: six, Port: 8080},
		"":                          {AddrV4: four, Port: 70000},
	} {
		if got := address(&entry); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := address(&mdns.ServiceEntry{Port: 8080}); got != "" {
		t.Errorf("%q of no address", got)
	}
}
