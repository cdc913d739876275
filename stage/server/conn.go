package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"podium/stage/door"
)

const (
	// maxMessage is the largest message taken, in bytes; a larger one closes
	// the connection with 1009.
	maxMessage = 64 << 10
	// drainTime is how long one that sent too large a message may take to end it
	// and to read why the connection closes.
	drainTime = 2 * time.Second
)

// past is a deadline that is over.
var past = time.Unix(1, 0)

// conn is one participant's WebSocket: one goroutine that reads and carries calls
// out. Who has something to write starts a writer, which ends when all is written:
// of thousands of connections most are quiet at any moment.
type conn struct {
	ws       *websocket.Conn
	server   *Server
	meeting  *meeting
	claims   Claims
	peerID   string
	device   string
	base     string // of the URLs handed out
	limit    *rate.Limiter
	isJoined bool // guarded by the meeting's lock
	place    int  // in its list of listeners, guarded by the line's lock

	heardAt atomic.Int64 // when the last frame came, by the server's steady clock
	out     outbox
	waits   bool // for its turn with the crier, guarded by the crier's lock
	pinger  *time.Timer
	leaving atomic.Bool // hangUp was called
}

// serveStage upgrades a participant's connection and serves it to its end.
func (s *Server) serveStage(w http.ResponseWriter, r *http.Request) {
	s.settleSleep() // who comes now was not silent while the machine slept
	if !s.checkOrigin(w, r) {
		return
	}
	claims, ok := s.authenticate(w, r)
	if !ok {
		return
	}
	if !s.takeSeat(w, r, claims) {
		return
	}
	m, err := s.enter(claims.Meeting)
	if err != nil {
		s.giveSeat(claims)
		writeError(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.leave(m)
		s.giveSeat(claims)
		return // the upgrader has answered
	}
	peerID := fmt.Sprintf("peer-%s-%d", s.process, s.peers.Add(1))
	c := &conn{
		ws: ws, server: s, meeting: m, claims: claims.kept(), peerID: peerID, device: deviceOf(r), base: s.baseURL(r),
		limit: callRate.Limiter(), out: outbox{limit: s.outbound},
	}
	c.heard()
	if !s.register(c) {
		_ = ws.Close()
		s.leave(m)
		s.giveSeat(claims)
		return
	}
	// A goroutine of its own: all that belonged to the HTTP request is let go.
	go func() {
		defer s.giveSeat(c.claims)
		defer s.leave(m)
		defer s.unregister(c)
		c.serve()
	}()
}

// kept are the claims that are needed while the connection lasts.
func (c Claims) kept() Claims {
	c.RegisteredClaims = jwt.RegisteredClaims{Subject: c.Subject, ID: c.ID}
	return c
}

// log is made when it is needed, which for most connections is never.
func (c *conn) log() *slog.Logger {
	return c.meeting.log.With("user", c.claims.Subject, "peer", c.peerID)
}

func (c *conn) isHost() bool { return c.claims.Preset.AcceptStageRequests }

func (c *conn) serve() {
	c.meeting.log.Debug("connected", "user", c.claims.Subject, "peer", c.peerID, "remote", c.ws.RemoteAddr())
	c.pinger = time.AfterFunc(c.server.cfg.Lease/pingPart, c.ping)
	err := c.read()
	var closeFrame *websocket.CloseError
	ended := errors.As(err, &closeFrame) || errors.Is(err, websocket.ErrReadLimit)
	if ended {
		c.out.discard() // the library has sent the close frame: nothing may follow it
	}
	c.meeting.lost(c)
	if errors.Is(err, websocket.ErrReadLimit) {
		c.drain()
	}
	c.pinger.Stop()
	if rest := c.out.close(); !ended {
		_ = c.write(append(rest, goingAway...))
	}
	_ = c.ws.Close()
	c.meeting.log.Debug("disconnected", "user", c.claims.Subject, "peer", c.peerID, "err", err)
}

// read serves calls until the connection breaks. Any frame renews the lease.
func (c *conn) read() error {
	c.ws.SetReadLimit(maxMessage)
	renew := func() {
		c.server.settleSleep()
		c.heard()
		c.expect(c.server.cfg.Lease)
	}
	c.server.settleSleep()
	c.expect(c.server.cfg.Lease - c.silence()) // no frame has come yet: that it was let in counts
	c.ws.SetPongHandler(func(string) error { renew(); return nil })
	pong := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error {
		renew()
		if !c.lives() { // a pong renews a podium's lease as a ping does
			return nil
		}
		return pong(data)
	})
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			return err
		}
		renew()
		c.handle(kind, data)
	}
}

// drain reads the rest of a message that was too large: closing a socket with
// bytes unread resets it, and the sender would not see the close frame.
func (c *conn) drain() {
	raw := c.ws.NetConn()
	if raw.SetReadDeadline(time.Now().Add(drainTime)) == nil {
		_, _ = io.Copy(io.Discard, raw)
	}
}

// handle answers one message.
func (c *conn) handle(kind int, data []byte) {
	if wait := door.Take(c.limit); wait > 0 {
		request, _ := parseRequest(data)
		c.send(answer(request.ID, nil, tooMany(wait)))
		return
	}
	if kind != websocket.TextMessage {
		c.send(answer(nil, nil, &rpcError{Code: rpcInvalidRequest, Message: "send text messages, not binary ones"}))
		return
	}
	request, bad := parseRequest(data)
	if bad != nil {
		c.send(answer(request.ID, nil, bad))
		return
	}
	c.call(request)
}

// hangUp ends the connection: what waits is sent, and a close frame.
func (c *conn) hangUp() {
	c.leaving.Store(true)
	_ = c.ws.SetReadDeadline(past)
}
