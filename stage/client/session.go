package client

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage"
)

// maxMessage bounds what the server may send at once, in bytes: a meeting's list
// of some ten thousand participants.
const maxMessage = 16 << 20

// longestLease bounds what a server may state. A stage's configuration takes up
// to a minute.
const longestLease = 10 * time.Minute

// session is one WebSocket from its handshake to its end.
type session struct {
	ws     *websocket.Conn
	handle func(Report)
	ready  func()       // called once the meeting is joined: from here on calls make sense
	lease  atomic.Int64 // how long a silence may last, a time.Duration

	out     chan call     // to the one writer
	onStage atomic.Bool   // the participant, as the server last said
	turned  chan struct{} // filled when that has changed

	mu      sync.Mutex
	nextID  uint64
	waiting map[uint64]func(json.RawMessage, error)
	over    bool // nobody waits any more
}

// call is a method on its way out, in the wire's form.
type call struct {
	Version string       `json:"jsonrpc"`
	ID      uint64       `json:"id"`
	Method  stage.Method `json:"method"`
	Params  any          `json:"params"`
}

// callsQueued bounds what may wait for the writer. More than that says that
// the network takes nothing any more.
const callsQueued = 64

// message is whatever the server sends: an answer or a notification.
type message struct {
	ID     *uint64         `json:"id"`
	Method stage.Event     `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *wireError      `json:"error"`
}

func newSession(ws *websocket.Conn, handle func(Report)) *session {
	s := &session{ws: ws, handle: handle, turned: make(chan struct{}, 1),
		out: make(chan call, callsQueued), waiting: map[uint64]func(json.RawMessage, error){}}
	s.lease.Store(int64(assumedLease))
	return s
}

// run joins the meeting and reads until the connection breaks, is silent for longer
// than allowed, or the context ends.
func (s *session) run(ctx context.Context) error {
	ended := make(chan struct{})
	var writer sync.WaitGroup
	writer.Add(1)
	go func() { defer writer.Done(); s.write(ctx, ended) }()
	defer writer.Wait()
	defer close(ended)
	defer s.abandon()
	if err := s.join(); err != nil {
		return err
	}
	return s.read()
}

// write is the only one that writes. It ends the connection when the context
// ends, after leaving the meeting on purpose.
func (s *session) write(ctx context.Context, ended <-chan struct{}) {
	defer func() { _ = s.ws.Close() }()
	probe := time.NewTicker(never)
	defer probe.Stop()
	for {
		select {
		case c := <-s.out:
			if s.send(c) != nil {
				return
			}
		case <-s.turned:
			probe.Reset(s.probing())
		case <-probe.C:
			if s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) != nil {
				return
			}
		case <-ctx.Done():
			s.goodbye()
			return
		case <-ended:
			return
		}
	}
}

// goodbye sends what waits, and leaves the meeting: it is left, not lost.
func (s *session) goodbye() {
	for len(s.out) > 0 {
		if s.send(<-s.out) != nil {
			return
		}
	}
	s.mu.Lock()
	s.nextID++
	leave := call{"2.0", s.nextID, stage.MeetingLeave, struct{}{}}
	s.mu.Unlock()
	if s.send(leave) == nil {
		_ = s.ws.WriteControl(websocket.CloseMessage,
			websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	}
}

func (s *session) send(c call) error {
	if err := s.ws.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return s.ws.WriteJSON(c)
}

// join sends meeting.join and waits for its answer on the reading side, so that
// Connected is reported before the notices that follow it.
func (s *session) join() error {
	s.ws.SetReadLimit(maxMessage)
	s.watch()
	s.out <- call{"2.0", 0, stage.MeetingJoin, struct{}{}} // the first, so there is room
	for {
		m, err := s.next()
		switch {
		case err != nil:
			return err
		case m.ID == nil || *m.ID != 0:
			s.dispatch(m)
			continue
		case m.Error != nil:
			return fmt.Errorf("cannot join the meeting: %w", m.Error.asError())
		}
		joined, err := readJoined(m.Result)
		if err != nil {
			return err
		}
		if joined.LeaseMs > 0 {
			s.lease.Store(int64(time.Duration(joined.LeaseMs) * time.Millisecond))
			s.heard() // from here on by the server's own lease
		}
		s.ready()
		s.handle(Connected{Joined: joined})
		return nil
	}
}

// readJoined reads the answer to meeting.join. A lease that no server has would
// make the podium deaf to a silence: it is refused, and the meeting not joined.
func readJoined(result json.RawMessage) (stage.Joined, error) {
	var joined stage.Joined
	if err := json.Unmarshal(result, &joined); err != nil {
		return stage.Joined{}, fmt.Errorf("cannot read the answer to %s: %w", stage.MeetingJoin, err)
	}
	if joined.LeaseMs < 0 || joined.LeaseMs > longestLease.Milliseconds() {
		return stage.Joined{}, fmt.Errorf("cannot join the meeting: the server's lease of %d ms is impossible; up to %v is taken", joined.LeaseMs, longestLease)
	}
	return joined, nil
}

// watch renews the read deadline with every frame, pings included.
func (s *session) watch() {
	s.heard()
	answerPing := s.ws.PingHandler()
	s.ws.SetPingHandler(func(data string) error { s.heard(); return answerPing(data) })
	s.ws.SetPongHandler(func(string) error { s.heard(); return nil })
}

func (s *session) heard() {
	s.wait()
	s.handle(Heard{})
}

// wait lets the connection be silent from now on for as long as is allowed.
func (s *session) wait() { _ = s.ws.SetReadDeadline(time.Now().Add(s.allowed())) }

func (s *session) read() error {
	for {
		m, err := s.next()
		if err != nil {
			return err
		}
		s.dispatch(m)
	}
}

func (s *session) next() (message, error) {
	_, data, err := s.ws.ReadMessage()
	if err != nil {
		return message{}, fmt.Errorf("connection to the stage server lost: %w", err)
	}
	s.heard()
	return parseMessage(data)
}

// parseMessage reads one frame of the server.
func parseMessage(data []byte) (message, error) {
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return message{}, fmt.Errorf("the stage server sent what is not JSON-RPC: %w", err)
	}
	return m, nil
}

// dispatch brings an answer to its caller and reports a notification.
func (s *session) dispatch(m message) {
	if m.ID == nil {
		if m.Method == stage.EventStatus {
			s.turn(m.Params)
		}
		if m.Method != "" {
			s.handle(Notification{Event: m.Method, Params: m.Params})
		}
		return
	}
	s.mu.Lock()
	done := s.waiting[*m.ID]
	delete(s.waiting, *m.ID)
	s.mu.Unlock()
	switch {
	case done == nil:
	case m.Error != nil:
		done(nil, m.Error.asError())
	default:
		done(m.Result, nil)
	}
}

// start queues a call; false when the session takes none any more.
func (s *session) start(method stage.Method, params any, done func(json.RawMessage, error)) bool {
	if params == nil {
		params = struct{}{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return false
	}
	s.nextID++
	select {
	case s.out <- call{"2.0", s.nextID, method, params}:
		s.waiting[s.nextID] = done
		return true
	default:
		return false
	}
}

// abandon ends all calls that wait.
func (s *session) abandon() {
	s.mu.Lock()
	s.over = true
	waiting := s.waiting
	s.waiting = nil
	s.mu.Unlock()
	for _, done := range waiting {
		done(nil, ErrNotConnected)
	}
}
