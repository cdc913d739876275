package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"podium/stage/client"
)

// The stage tells a podium from its twin by what stands in the handshake.
func TestTheHandshakeNamesTheDevice(t *testing.T) {
	for _, device := range []string{"", "pod-7"} {
		ctx, cancel := context.WithCancel(context.Background())
		got := make(chan []string, 1)
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case got <- r.Header.Values("Podium-Device"):
			default:
			}
			w.WriteHeader(http.StatusUnauthorized)
			cancel()
		}))
		c, err := client.New(client.Config{Server: web.URL, Token: func() (string, error) { return "x", nil }, Device: device})
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Run(ctx)
		web.Close()
		if names := <-got; len(names) > 1 || (device != "") != (len(names) == 1 && names[0] == device) {
			t.Errorf("the handshake of %q says %q", device, names)
		}
		cancel()
	}
}
