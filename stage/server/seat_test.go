package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// seat is one participant's connection, as a client with nothing but the
// contract would have it.
type seat struct {
	t      *testing.T
	ws     *websocket.Conn
	frames chan frame // closed at the connection's end
	ended  error      // why; to be read once frames is closed
	nextID int
	early  []frame // notices that came before the answer waited for
}

// frame is whatever the server sends.
type frame struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *wireError      `json:"error"`
}

type wireError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    struct {
		RetryAfterMs int64 `json:"retryAfterMs"`
	} `json:"data"`
}

// dial connects with the token in the header.
func (h *house) dial(token string) *seat {
	h.t.Helper()
	return h.dialWith(http.Header{"Authorization": {"Bearer " + token}}, "podium.stage.v1")
}

func (h *house) dialWith(header http.Header, subprotocols ...string) *seat {
	h.t.Helper()
	s := &seat{t: h.t, ws: h.upgrade(header, subprotocols...), frames: make(chan frame, 4096)}
	go s.read()
	h.t.Cleanup(s.cut)
	return s
}

// upgrade makes a connection that nobody reads.
func (h *house) upgrade(header http.Header, subprotocols ...string) *websocket.Conn {
	h.t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: subprotocols}
	ws, response, err := dialer.Dial("ws"+strings.TrimPrefix(h.web.URL, "http")+"/v1/stage", header)
	if err != nil {
		h.t.Fatalf("cannot connect: %v %+v", err, response)
	}
	return ws
}

func (s *seat) read() {
	defer close(s.frames)
	for {
		var f frame
		if s.ended = s.ws.ReadJSON(&f); s.ended != nil {
			return
		}
		s.frames <- f
	}
}

// cut breaks the connection without a word and waits for the reader's end.
func (s *seat) cut() {
	_ = s.ws.Close()
	for range s.frames {
	}
}

func (s *seat) send(text string) {
	s.t.Helper()
	if err := s.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		s.t.Fatalf("cannot send: %v", err)
	}
}

// frame gives the next frame.
func (s *seat) frame() frame {
	s.t.Helper()
	select {
	case f, ok := <-s.frames:
		if !ok {
			s.t.Fatalf("the connection ended: %v", s.ended)
		}
		if f.Version != "2.0" {
			s.t.Errorf("not JSON-RPC 2.0: %+v", f)
		}
		return f
	case <-time.After(patience):
		s.t.Fatal("nothing came")
	}
	return frame{}
}

// answer waits for the next answer, and keeps the notices before it.
func (s *seat) answer() frame {
	s.t.Helper()
	for {
		f := s.frame()
		if f.Method == "" {
			return f
		}
		s.early = append(s.early, f)
	}
}

// call sends one method and waits for its answer. params: JSON; empty: none.
func (s *seat) call(method, params string) frame {
	s.t.Helper()
	s.nextID++
	if params != "" {
		params = `,"params":` + params
	}
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q%s}`, s.nextID, method, params))
	f := s.answer()
	if string(f.ID) != fmt.Sprint(s.nextID) {
		s.t.Errorf("answer to %s, want %d", f.ID, s.nextID)
	}
	return f
}

// want calls a method for these userIds (nil: without parameters), wants it done
// and gives the result.
func (s *seat) want(method string, userIDs []string) string {
	s.t.Helper()
	params := "{}"
	if userIDs != nil {
		list, _ := json.Marshal(userIDs)
		params = `{"userIds":` + string(list) + `}`
	}
	f := s.call(method, params)
	if f.Error != nil {
		s.t.Fatalf("%s: %+v", method, f.Error)
	}
	return string(f.Result)
}

// refused wants a call refused with this code and a sentence.
func (s *seat) refused(method, params string, code int) {
	s.t.Helper()
	f := s.call(method, params)
	if f.Error == nil || f.Error.Code != code || f.Error.Message == "" || f.Result != nil {
		s.t.Errorf("%s %s: %+v %s, want code %d", method, params, f.Error, f.Result, code)
	}
}

// notice gives the next notice.
func (s *seat) notice() frame {
	s.t.Helper()
	if len(s.early) > 0 {
		f := s.early[0]
		s.early = s.early[1:]
		return f
	}
	f := s.frame()
	if f.Method == "" || f.ID != nil {
		s.t.Fatalf("not a notification: %+v", f)
	}
	return f
}

// wantNotice wants this event next, and gives its parameters.
func (s *seat) wantNotice(event string) string {
	s.t.Helper()
	f := s.notice()
	if f.Method != event {
		s.t.Fatalf("came %s %s, want %s", f.Method, f.Params, event)
	}
	return string(f.Params)
}

// wantOnly wants exactly these events, in this order, and nothing behind them.
func (s *seat) wantOnly(events ...string) {
	s.t.Helper()
	s.sync()
	var got []string
	for _, f := range s.early {
		got = append(got, f.Method)
	}
	s.early = nil
	if !slices.Equal(got, events) {
		s.t.Errorf("came %v, want %v", got, events)
	}
}

// forget drops the notices that have come so far.
func (s *seat) forget() {
	s.t.Helper()
	s.sync()
	s.early = nil
}

// sync takes in all notices of the steps so far: its call stands in the line of
// the meeting's steps, whatever the answer is.
func (s *seat) sync() {
	s.t.Helper()
	s.call("stage.getAccessRequests", "{}")
}

// wantEnd wants the connection closed, and gives the reason.
func (s *seat) wantEnd() error {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case _, ok := <-s.frames:
			if !ok {
				return s.ended
			}
		case <-deadline:
			s.t.Fatal("the connection lives")
		}
	}
}
