package hostile

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"podium/stage"
	"podium/stage/room"
	"podium/stage/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait for something that must come.
const patience = 60 * time.Second

var key = []byte("0123456789abcdef0123456789abcdef")

// hall is a whole server on loopback: rules, tokens and media engine.
type hall struct {
	testing.TB
	stage   *server.Server
	web     *httptest.Server
	devices atomic.Uint32
}

func openHall(t testing.TB, lease, tokenTTL time.Duration) *hall {
	t.Helper()
	h := &hall{TB: t}
	media, err := room.New(room.Config{
		Listen: "127.0.0.1:0", Lease: lease, TokenTTL: tokenTTL,
		OnAir: func(meeting, user string, on bool) { h.stage.SetOnAir(meeting, user, on) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.stage, err = server.New(server.Config{Key: key, Engine: media, Lease: lease}); err != nil {
		t.Fatal(err)
	}
	h.web = httptest.NewServer(h.stage.Handler())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		for _, err := range []error{h.stage.Close(ctx), media.Close()} {
			if err != nil {
				t.Error(err)
			}
		}
		h.web.Close()
	})
	return h
}

func (h *hall) token(meeting, user, preset string) string {
	h.Helper()
	token, err := server.NewToken(key, server.TokenRequest{Meeting: meeting, UserID: user, Preset: stage.Presets[preset], TTL: time.Hour}, time.Now())
	if err != nil {
		h.Fatal(err)
	}
	return token
}

// reply is an HTTP answer read to its end.
type reply struct {
	status   int
	location string
	body     string
}

func (h *hall) request(method, path, token, body string) reply {
	h.Helper()
	r, err := http.NewRequest(method, h.web.URL+path, strings.NewReader(body))
	if err != nil {
		h.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Content-Type", "application/sdp")
	response, err := h.web.Client().Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		h.Fatal(err)
	}
	return reply{response.StatusCode, response.Header.Get("Location"), string(text)}
}

func (h *hall) eventually(what string, ok func() bool) {
	h.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			h.Fatalf("never came: %s", what)
		}
	}
}

// seat is a connection to the stage.
type seat struct {
	hall    *hall
	user    string
	ws      *websocket.Conn
	answers chan answer
	next    int
}

type answer struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *stage.Error    `json:"error"`
}

// enter connects and joins. What it is told besides answers goes unheard.
func (h *hall) enter(meeting, user, preset string) *seat {
	h.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: []string{"podium.stage.v1"}}
	header := http.Header{"Authorization": {"Bearer " + h.token(meeting, user, preset)}}
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(h.web.URL, "http")+"/v1/stage", header)
	if err != nil {
		h.Fatal(err)
	}
	s := &seat{hall: h, user: user, ws: ws, answers: make(chan answer, 16)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var a answer
			if ws.ReadJSON(&a) != nil {
				return
			}
			if a.ID > 0 {
				s.answers <- a
			}
		}
	}()
	h.Cleanup(func() { _ = ws.Close(); <-ended })
	s.must("meeting.join", `{}`)
	return s
}

// call does one call; must wants it done.
func (s *seat) call(method, params string) answer {
	s.hall.Helper()
	s.next++
	text := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, s.next, method, params)
	if err := s.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		s.hall.Fatal(err)
	}
	select {
	case a := <-s.answers:
		return a
	case <-time.After(patience):
		s.hall.Fatalf("%s: no answer", method)
		return answer{}
	}
}

func (s *seat) must(method, params string) json.RawMessage {
	s.hall.Helper()
	a := s.call(method, params)
	if a.Error != nil {
		s.hall.Fatalf("%s by %s: %v", method, s.user, a.Error)
	}
	return a.Result
}

// place does a call that answers with a publishing place, and gives its token.
func (s *seat) place(method string) string {
	s.hall.Helper()
	var r stage.StatusResult
	if err := json.Unmarshal(s.must(method, `{}`), &r); err != nil || r.Publish == nil {
		s.hall.Fatalf("%s gives %+v, %v", method, r, err)
	}
	return r.Publish.Token
}

// mute has the seat say nothing more, no pong either, while the connection stands.
func (s *seat) mute() { s.ws.SetPingHandler(func(string) error { return nil }) }

// seen is a participant as the speaker on stage sees it, not too often.
func (x *scene) seen(user string) stage.Participant {
	x.Helper()
	time.Sleep(50 * time.Millisecond)
	var joined stage.Joined
	if err := json.Unmarshal(x.ann.must("meeting.join", `{}`), &joined); err != nil {
		x.Fatal(err)
	}
	for _, p := range joined.Participants {
		if p.UserID == user {
			return p
		}
	}
	return stage.Participant{}
}

func (x *scene) awaits(status stage.Status) {
	x.Helper()
	x.eventually("eve is "+string(status), func() bool { return x.seen("eve").Status == status })
}
