package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	// maxMessage is the largest message taken, in bytes; a larger one closes
	// the connection with 1009.
	maxMessage   = 64 << 10
	writeTimeout = 5 * time.Second
	// drainTime is how long one that sent too large a message may take to end it
	// and to read why the connection closes.
	drainTime = 2 * time.Second
)

// conn is one participant's WebSocket: a reader that carries calls out, and a
// writer that is the only one to write.
type conn struct {
	ws       *websocket.Conn
	server   *Server
	meeting  *meeting
	claims   Claims
	peerID   string
	base     string // of the URLs handed out
	log      *slog.Logger
	limit    *rate.Limiter
	isJoined bool // guarded by the meeting's lock
	place    int  // in its list of listeners, guarded by the line's lock

	out    *outbox
	done   chan struct{} // closed by hangUp
	hangup sync.Once
}

// serveStage upgrades a participant's connection and serves it to its end.
func (s *Server) serveStage(w http.ResponseWriter, r *http.Request) {
	if !s.checkOrigin(w, r) {
		return
	}
	claims, ok := s.authenticate(w, r)
	if !ok {
		return
	}
	m, err := s.enter(claims.Meeting)
	if err != nil {
		writeError(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	defer s.leave(m)
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	peerID := fmt.Sprintf("peer-%s-%d", s.process, s.peers.Add(1))
	c := &conn{
		ws: ws, server: s, meeting: m, claims: claims, peerID: peerID, base: s.baseURL(r),
		log:   m.log.With("user", claims.Subject, "peer", peerID),
		limit: newLimit(),
		out:   newOutbox(s.outbound), done: make(chan struct{}),
	}
	if !s.register(c) {
		_ = ws.Close()
		return
	}
	defer s.unregister(c)
	c.serve()
}

func (c *conn) isHost() bool { return c.claims.Preset.AcceptStageRequests }

func (c *conn) serve() {
	c.log.Debug("connected", "remote", c.ws.RemoteAddr().String())
	var writer sync.WaitGroup
	writer.Add(1)
	go func() { defer writer.Done(); c.write() }()
	err := c.read()
	c.meeting.lost(c)
	if errors.Is(err, websocket.ErrReadLimit) {
		c.drain()
	}
	c.hangUp()
	writer.Wait()
	c.log.Debug("disconnected", "err", err)
}

// read serves calls until the connection breaks. Any frame renews the lease.
func (c *conn) read() error {
	c.ws.SetReadLimit(maxMessage)
	renew := func() { _ = c.ws.SetReadDeadline(time.Now().Add(c.server.cfg.Lease)) }
	renew()
	c.ws.SetPongHandler(func(string) error { renew(); return nil })
	pong := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error { renew(); return pong(data) })
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
	if wait := takeCall(c.limit); wait > 0 {
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

// write sends frames and the pings that keep the lease. It ends with hangUp or
// when the network takes nothing any more, and then ends the reader too.
func (c *conn) write() {
	ping := time.NewTicker(c.server.cfg.Lease / 3)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-c.out.ready:
			if frame := c.out.take(); frame != nil {
				err = c.writeFrame(websocket.TextMessage, frame)
			}
		case <-ping.C:
			err = c.writeFrame(websocket.PingMessage, nil)
		case <-c.done:
			c.flush()
			_ = c.ws.WriteControl(websocket.CloseMessage,
				websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
			_ = c.ws.Close()
			return
		}
		switch {
		case errors.Is(err, websocket.ErrCloseSent): // the reader is ending the connection
			<-c.done
			_ = c.ws.Close()
			return
		case err != nil:
			_ = c.ws.Close()
			return
		}
	}
}

// flush sends what was queued before the end, as far as it goes in writeTimeout.
func (c *conn) flush() {
	for end := time.Now().Add(writeTimeout); time.Now().Before(end); {
		frame := c.out.take()
		if frame == nil || c.writeFrame(websocket.TextMessage, frame) != nil {
			return
		}
	}
}

func (c *conn) writeFrame(kind int, data []byte) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return c.ws.WriteMessage(kind, data)
}

// send queues a frame and never waits.
func (c *conn) send(frame []byte) {
	if c.out.put(frame) {
		return
	}
	c.hangup.Do(func() {
		c.log.Warn("connection cut: it reads too slowly", "limitBytes", c.out.limit)
		_ = c.ws.Close()
		close(c.done)
	})
}

// hangUp ends the connection; idempotent.
func (c *conn) hangUp() { c.hangup.Do(func() { close(c.done) }) }
