package door

import (
	"net"
	"net/http"
	"testing"
)

func TestAddresses(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:40000":             "192.0.2.7",
		"[::ffff:192.0.2.7]:40000":    "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:4000": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:4000":         "fe80::/64",
		"@":                           "unknown",
		"":                            "unknown",
	} {
		if got := From(&http.Request{RemoteAddr: remote}).String(); got != want {
			t.Errorf("%s is %s, want %s", remote, got, want)
		}
		if tcp, err := net.ResolveTCPAddr("tcp", remote); err == nil && remote != "" {
			if got := AddressOf(tcp).String(); got != want {
				t.Errorf("the end %s is %s, want %s", remote, got, want)
			}
		}
	}
	a, b := From(&http.Request{RemoteAddr: "[2001:db8::1]:1"}), From(&http.Request{RemoteAddr: "[2001:db8::2]:9"})
	if a != b {
		t.Error("two addresses of one /64 are told apart")
	}
	forged := &http.Request{RemoteAddr: "192.0.2.7:1", Header: http.Header{"X-Forwarded-For": {"198.51.100.1"}}}
	if From(forged).String() != "192.0.2.7" {
		t.Error("believes what anybody can say")
	}
}
