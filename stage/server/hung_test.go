package server_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage/server"
)

// pinged is a connection that says when it is pinged, and says by itself that it
// is there: what ends is the server's word alone.
func pinged(t *testing.T, h *house, user string) <-chan struct{} {
	t.Helper()
	ws := h.upgrade(http.Header{"Authorization": {"Bearer " + h.token(user, "podium")}}, "podium.stage.v1")
	pings := make(chan struct{}, 1024)
	ws.SetPingHandler(func(string) error { pings <- struct{}{}; return nil })
	if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"meeting.join"}`)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{}, 2)
	stop := make(chan struct{})
	go func() {
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				ended <- struct{}{}
				return
			}
		}
	}()
	go func() {
		for {
			select {
			case <-stop:
				ended <- struct{}{}
				return
			case <-time.After(20 * time.Millisecond):
				_ = ws.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		_ = ws.Close()
		<-ended
		<-ended
	})
	return pings
}

func wantPing(t *testing.T, pings <-chan struct{}) {
	t.Helper()
	select {
	case <-pings:
	case <-time.After(patience):
		t.Fatal("no ping came")
	}
}

// A server whose rules hang renews nobody's lease: the pings of that meeting cease,
// those of another go on, and they come back with the rules.
func TestNoPingsFromHungRules(t *testing.T) {
	t.Parallel()
	const lease = 1500 * time.Millisecond
	h := openHouseWith(t, server.Config{Lease: lease})
	pings := pinged(t, h, "ann")
	wantPing(t, pings)
	elsewhere := h.dial(h.tokenFor("chapel", "cat", "podium"))
	elsewhere.want("meeting.join", nil)

	release := h.stage.Hold("hall")
	time.Sleep(lease / 5) // what was under way
	for len(pings) > 0 {
		<-pings
	}
	select {
	case <-pings:
		t.Error("pinged while the meeting's lock is held")
	case <-time.After(lease):
	}
	elsewhere.want("stage.requestAccess", nil) // alive, and kept so by pings alone
	release()
	wantPing(t, pings)
}
