package door

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// FuzzHost asks by any name: only this machine's own are served. Where a request
// comes from is one address, whatever it says of itself.
func FuzzHost(f *testing.F) {
	for _, host := range []string{"localhost", "LOCALHOST.:8080", "127.0.0.1:1", "[::1]:8080", "::ffff:127.0.0.1", "evil.example", "localhost.evil.example", "hall.example:8080", "[", "127.0.0.1.evil.example", "0x7f.1"} {
		f.Add(host, "192.0.2.7:4711")
	}
	f.Add("", "[2001:db8::1%eth0]:1")
	f.Add("x", "@")
	f.Fuzz(func(t *testing.T, host, remote string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.RemoteAddr = host, remote
		r.Header.Set("X-Forwarded-For", "198.51.100.9")
		served := false
		w := httptest.NewRecorder()
		OwnHost("hall.example:8080", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served = true })).ServeHTTP(w, r)
		if served != (w.Code == http.StatusOK) {
			t.Errorf("%q is answered %d, and served: %t", host, w.Code, served)
		}
		if served && !ours(strings.ToLower(host)) {
			t.Errorf("%q is served", host)
		}
		from := From(r)
		if text := from.String(); strings.Contains(text, "198.51.100") && !strings.Contains(remote, "198.51.100") {
			t.Errorf("%q is taken for %s", remote, text)
		}
		if _, err := netip.ParseAddrPort(remote); err != nil && from != (Address{}) {
			t.Errorf("%q is taken for %s", remote, from)
		}
	})
}

// ours are the names that lead here and nowhere else, with what may stand around them.
func ours(host string) bool {
	for _, name := range []string{"localhost", "hall.example"} {
		if rest, ok := strings.CutPrefix(strings.TrimLeft(host, "[]"), name); ok && strings.Trim(rest, "[].:0123456789") == "" {
			return true
		} else if ok && strings.HasPrefix(strings.TrimLeft(rest, "[]."), ":") {
			return true // whatever stands for a port
		}
	}
	for _, part := range []string{host, strings.Trim(host, "[]"), host[:max(strings.LastIndex(host, ":"), 0)]} {
		addr, err := netip.ParseAddr(strings.TrimSuffix(strings.Trim(part, "[]"), "."))
		if err == nil && addr.IsLoopback() {
			return true
		}
	}
	return false
}
