package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"podium/stage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeStage is a stage server whose every connection is played by hand.
type fakeStage struct {
	*httptest.Server
	conns chan *websocket.Conn
	auth  chan string
}

func newFakeStage(t *testing.T) *fakeStage {
	f := &fakeStage{conns: make(chan *websocket.Conn, 8), auth: make(chan string, 64)}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.auth <- r.Header.Get("Authorization")
		if r.Header.Get("Authorization") == "Bearer bad" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":{"message":"token refused: expired"}}`))
			return
		}
		up := websocket.Upgrader{Subprotocols: []string{"podium.stage.v1"}}
		ws, err := up.Upgrade(w, r, nil)
		if err == nil {
			f.conns <- ws
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// player is the server's side of one connection.
type player struct {
	t  *testing.T
	ws *websocket.Conn
}

func (f *fakeStage) accept(t *testing.T) player {
	t.Helper()
	select {
	case ws := <-f.conns:
		t.Cleanup(func() { _ = ws.Close() })
		return player{t, ws}
	case <-time.After(20 * time.Second):
		t.Fatal("nobody connected")
		return player{}
	}
}

func (p player) expect(method stage.Method) (id uint64) {
	p.t.Helper()
	var c call
	_ = p.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	if err := p.ws.ReadJSON(&c); err != nil || c.Method != method {
		p.t.Fatalf("got %q, %v; want %s", c.Method, err, method)
	}
	return c.ID
}

func (p player) send(v any) {
	p.t.Helper()
	if err := p.ws.WriteJSON(v); err != nil {
		p.t.Fatal(err)
	}
}

func (p player) answer(id uint64, result any) {
	p.t.Helper()
	p.send(map[string]any{"jsonrpc": "2.0", "id": id, "result": result})
}

func (p player) join(lease time.Duration) {
	p.t.Helper()
	p.answer(p.expect(stage.MeetingJoin), stage.Joined{
		Self: stage.Participant{UserID: "u", PeerID: "p", Status: stage.OffStage}, LeaseMs: lease.Milliseconds(),
	})
}

// run keeps a client up until the test ends; its reports but Heard are given.
func run(t *testing.T, server, token string) (*Client, <-chan Report, func()) {
	t.Helper()
	reports := make(chan Report, 256)
	c, err := New(Config{
		Server: server, Token: func() (string, error) { return token, nil },
		Handle: func(r Report) {
			if _, heard := r.(Heard); !heard {
				reports <- r
			}
		},
		MinBackoff: time.Millisecond, MaxBackoff: 10 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Add(1)
	go func() {
		defer ended.Done()
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop := sync.OnceFunc(func() { cancel(); ended.Wait() })
	t.Cleanup(stop)
	return c, reports, stop
}

func next[R Report](t *testing.T, reports <-chan Report) (r R) {
	t.Helper()
	select {
	case got := <-reports:
		r, ok := got.(R)
		if !ok {
			t.Fatalf("report %#v, want %T", got, r)
		}
		return r
	case <-time.After(20 * time.Second):
		t.Fatalf("no report, want %T", r)
		return r
	}
}

func TestJoinCallNotifyLeave(t *testing.T) {
	f := newFakeStage(t)
	c, reports, stop := run(t, f.URL, "good")
	p := f.accept(t)
	if got := <-f.auth; got != "Bearer good" {
		t.Errorf("Authorization %q", got)
	}
	p.join(5 * time.Second)
	if got := next[Connected](t, reports); got.Joined.Self.PeerID != "p" {
		t.Errorf("joined %+v", got)
	}
	done := make(chan error, 1)
	var result stage.StatusResult
	go func() { done <- c.Call(t.Context(), stage.RequestAccess, nil, &result) }()
	id := p.expect(stage.RequestAccess)
	p.send(map[string]any{"jsonrpc": "2.0", "method": stage.EventStatus, "params": stage.StatusUpdate{Status: stage.Requested}})
	p.answer(id, stage.StatusResult{Status: stage.Requested})
	if err := <-done; err != nil || result.Status != stage.Requested {
		t.Errorf("result %+v, %v", result, err)
	}
	if n := next[Notification](t, reports); n.Event != stage.EventStatus {
		t.Errorf("notification %+v", n)
	}
	go stop()
	p.expect(stage.MeetingLeave)
}

func TestCallsKeepTheirOrder(t *testing.T) {
	f := newFakeStage(t)
	c, reports, _ := run(t, f.URL, "good")
	p := f.accept(t)
	p.join(5 * time.Second)
	next[Connected](t, reports)
	methods := []stage.Method{stage.RequestAccess, stage.CancelRequestAccess, stage.Join, stage.Leave}
	for _, m := range methods {
		c.Go(m, nil, func(json.RawMessage, error) {})
	}
	for _, m := range methods {
		p.expect(m)
	}
}

func TestErrorsKeepTheirType(t *testing.T) {
	f := newFakeStage(t)
	c, reports, _ := run(t, f.URL, "good")
	p := f.accept(t)
	p.join(5 * time.Second)
	next[Connected](t, reports)
	for _, row := range []struct {
		code int
		want error
	}{
		{2006, &stage.Error{Code: stage.CodeWrongStatus}},
		{-32602, &ProtocolError{Code: -32602, Message: "no"}},
	} {
		done := make(chan error, 1)
		go func() { done <- c.Call(t.Context(), stage.Join, nil, nil) }()
		p.send(map[string]any{"jsonrpc": "2.0", "id": p.expect(stage.Join), "error": map[string]any{"code": row.code, "message": "no"}})
		err := <-done
		var protocol *ProtocolError
		if !errors.Is(err, row.want) && !(errors.As(err, &protocol) && protocol.Code == row.code) {
			t.Errorf("code %d gives %#v", row.code, err)
		}
	}
}

func TestReconnectsAndFailsWhatWaited(t *testing.T) {
	f := newFakeStage(t)
	c, reports, _ := run(t, f.URL, "good")
	p := f.accept(t)
	p.join(5 * time.Second)
	next[Connected](t, reports)
	done := make(chan error, 1)
	go func() { done <- c.Call(t.Context(), stage.Join, nil, nil) }()
	p.expect(stage.Join)
	_ = p.ws.Close()
	if err := <-done; !errors.Is(err, ErrNotConnected) {
		t.Errorf("a waiting call ended with %v", err)
	}
	next[Disconnected](t, reports)
	f.accept(t).join(5 * time.Second)
	next[Connected](t, reports)
}

func TestSilenceEndsTheConnection(t *testing.T) {
	f := newFakeStage(t)
	_, reports, _ := run(t, f.URL, "good")
	f.accept(t).join(50 * time.Millisecond) // and then says nothing more
	next[Connected](t, reports)
	if got := next[Disconnected](t, reports); !strings.Contains(got.Err.Error(), "lost") {
		t.Errorf("err %v", got.Err)
	}
}

func TestARefusedTokenIsSaid(t *testing.T) {
	f := newFakeStage(t)
	_, reports, _ := run(t, f.URL, "bad")
	var refused *RefusedError
	if got := next[Disconnected](t, reports); !errors.As(got.Err, &refused) || refused.Status != 401 ||
		!strings.Contains(refused.Error(), "token refused: expired") {
		t.Errorf("err %v", got.Err)
	}
}

func TestNobodyAtTheAddress(t *testing.T) {
	f := newFakeStage(t)
	f.Close()
	_, reports, _ := run(t, f.URL, "good")
	if got := next[Disconnected](t, reports); !errors.Is(got.Err, ErrUnreachable) || !strings.Contains(got.Err.Error(), f.URL) {
		t.Errorf("err %v", got.Err)
	}
}

func TestCallWithoutAConnection(t *testing.T) {
	c, err := New(Config{Server: "http://127.0.0.1:1", Token: func() (string, error) { return "t", nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Call(t.Context(), stage.Join, nil, nil); !errors.Is(err, ErrNotConnected) {
		t.Errorf("err %v", err)
	}
}

// A server that restarts gives everybody a lease to come back in: also one who
// was just waiting for the longest time tries again in less than half of it.
func TestBackInTimeByDefault(t *testing.T) {
	c, err := New(Config{Server: "http://127.0.0.1:1", Token: func() (string, error) { return "t", nil }})
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if wait := jitter(c.cfg.MaxBackoff); wait > assumedLease/2 {
			t.Fatalf("waits %v", wait)
		}
	}
}

func TestBadServerAddress(t *testing.T) {
	for _, server := range []string{"", "hall", "ftp://hall", "http://", "://"} {
		if _, err := New(Config{Server: server, Token: func() (string, error) { return "", nil }}); err == nil || !strings.Contains(err.Error(), "give a URL") {
			t.Errorf("%q: %v", server, err)
		}
	}
}

// A server that is away for a night fills no journal: each reason is told once.
func TestEachReasonIsLoggedOnce(t *testing.T) {
	var out bytes.Buffer
	c := &Client{log: slog.New(slog.NewTextHandler(&out, nil))}
	said := ""
	for _, why := range []string{"refused", "refused", "no route", "no route", "no route", "refused"} {
		said = c.complain(errors.New(why), said)
	}
	if n := strings.Count(out.String(), "\n"); n != 3 {
		t.Errorf("%d lines, want 3:\n%s", n, out.String())
	}
}
