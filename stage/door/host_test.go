package door

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A page whose name was made to lead here is answered nothing.
func TestOwnHost(t *testing.T) {
	for _, row := range []struct {
		listen, local, host string
		want                int
	}{
		{"127.0.0.1:8080", "127.0.0.1", "127.0.0.1:8080", 200},
		{"127.0.0.1:8080", "127.0.0.1", "localhost:8080", 200},
		{"127.0.0.1:8080", "127.0.0.1", "LOCALHOST.:8080", 200},
		{"127.0.0.1:8080", "127.0.0.1", "127.0.0.1", 200},
		{"127.0.0.1:8080", "127.0.0.1", "rebound.example:8080", 421},
		{"127.0.0.1:8080", "127.0.0.1", "rebound.example", 421},
		{"127.0.0.1:8080", "127.0.0.1", "127.0.0.1.rebound.example", 421},
		{"127.0.0.1:8080", "127.0.0.1", "192.0.2.1:8080", 421},
		{"127.0.0.1:8080", "127.0.0.1", "", 421},
		{"0.0.0.0:8080", "192.0.2.7", "192.0.2.7:8080", 200},
		{"0.0.0.0:8080", "192.0.2.7", "192.0.2.8:8080", 421},
		{"0.0.0.0:8080", "192.0.2.7", "rebound.example:8080", 421},
		{":8080", "192.0.2.7", "", 421},
		{"[::]:8080", "2001:db8::1", "[2001:db8::1]:8080", 200},
		{"[::1]:8080", "::1", "[::1]:8080", 200},
		{"hall.example:8080", "192.0.2.7", "Hall.example:8080", 200},
		{"hall.example:8080", "192.0.2.7", "other.example:8080", 421},
	} {
		h := OwnHost(row.listen, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		r := httptest.NewRequest(http.MethodGet, "/v1/panel/status", nil)
		r.Host = row.host
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(row.local), Port: 8080}))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != row.want {
			t.Errorf("listening at %s, asked as %q at %s: %d, want %d", row.listen, row.host, row.local, w.Code, row.want)
		}
	}
}
