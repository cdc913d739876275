package server_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage/server"
)

// listener is a connection that asks all the time whether the server is there, and
// notes what it hears of it: what ends is the server's word alone.
type listener struct{ pings, pongs chan struct{} }

func listen(t *testing.T, h *house, user string) listener {
	t.Helper()
	ws := h.upgrade(http.Header{"Authorization": {"Bearer " + h.token(user, "podium")}}, "podium.stage.v1")
	l := listener{make(chan struct{}, 1024), make(chan struct{}, 1024)}
	ws.SetPingHandler(func(string) error { l.pings <- struct{}{}; return nil })
	ws.SetPongHandler(func(string) error { l.pongs <- struct{}{}; return nil })
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
				_ = ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		_ = ws.Close()
		<-ended
		<-ended
	})
	return l
}

// wantBoth wants a ping and a pong from now on.
func (l listener) wantBoth(t *testing.T) {
	t.Helper()
	l.forget()
	for name, sign := range map[string]chan struct{}{"ping": l.pings, "pong": l.pongs} {
		select {
		case <-sign:
		case <-time.After(patience):
			t.Fatalf("no %s came", name)
		}
	}
}

func (l listener) forget() {
	for len(l.pings)+len(l.pongs) > 0 {
		select {
		case <-l.pings:
		case <-l.pongs:
		}
	}
}

// A server whose rules hang renews nobody's lease: in that meeting it pings nobody
// and answers no ping, another one goes on, and both come back with the rules.
func TestHungRulesRenewNoLease(t *testing.T) {
	t.Parallel()
	const lease = 1500 * time.Millisecond
	var log journal
	h := openHouseWith(t, server.Config{Lease: lease, Log: slog.New(slog.NewTextHandler(&log, nil))})
	ann := listen(t, h, "ann")
	ann.wantBoth(t)
	elsewhere := h.dial(h.tokenFor("chapel", "cat", "podium"))
	elsewhere.want("meeting.join", nil)

	if !h.stage.Responds() {
		t.Error("a server that goes on does not respond")
	}
	release := h.stage.Hold("hall")
	time.Sleep(lease / 5) // what was under way
	ann.forget()
	if h.stage.Responds() {
		t.Error("a server whose rules hang responds")
	}
	select {
	case <-ann.pings:
		t.Error("pinged while the meeting's lock is held")
	case <-ann.pongs:
		t.Error("answered while the meeting's lock is held")
	case <-time.After(lease):
	}
	elsewhere.want("stage.requestAccess", nil) // alive, and kept so by pings alone
	release()
	ann.wantBoth(t)
	if n := log.count("the meeting hangs"); n != 1 {
		t.Errorf("the log says %d times that the meeting hangs", n)
	}
	if n := log.count("the meeting goes on"); n != 1 {
		t.Errorf("the log says %d times that it goes on", n)
	}
}

// journal keeps a log.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) count(what string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Count(j.text.String(), what)
}
