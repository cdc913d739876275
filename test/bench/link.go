package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// link is a WebSocket client of a few hundred bytes: thousands of them must cost
// the machine less than the server that is measured.
type link struct {
	conn  net.Conn
	in    *bufio.Reader
	mu    sync.Mutex // one writer at a time
	frame []byte
}

// The opcodes of RFC 6455, section 5.2, that matter here.
const (
	opText = 1
	opPing = 9
	opPong = 10
)

const linkBuffer = 1 << 10

// dialLink connects from a loopback address of its own, so that ports suffice.
func dialLink(address, from, token string) (*link, error) {
	dialer := net.Dialer{Timeout: startLimit, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	l := &link{conn: conn, in: bufio.NewReaderSize(conn, linkBuffer)}
	_, err = fmt.Fprintf(conn, "GET /v1/stage HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Protocol: podium.stage.v1\r\nAuthorization: Bearer %s\r\n\r\n", address, token)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	_ = conn.SetReadDeadline(time.Now().Add(startLimit))
	if err := l.upgraded(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return l, conn.SetReadDeadline(time.Time{})
}

// upgraded reads the answer to the handshake.
func (l *link) upgraded() error {
	response, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return fmt.Errorf("no answer to the handshake: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("no WebSocket: the server answers %s", response.Status)
	}
	return nil
}

// call sends a method without parameters.
func (l *link) call(id int, method string) error {
	return l.send(opText, fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":%q}`, id, method))
}

// send writes one short frame, masked with zeros: on loopback nobody is fooled.
func (l *link) send(op byte, payload []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frame = append(l.frame[:0], 0x80|op, 0x80|byte(len(payload)), 0, 0, 0, 0)
	if len(payload) > 125 {
		return fmt.Errorf("%d bytes are too long for a link", len(payload))
	}
	l.frame = append(l.frame, payload...)
	_, err := l.conn.Write(l.frame)
	return err
}

var spare = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

// next gives the first bytes of the next text frame, up to len(head). It answers
// pings.
func (l *link) next(head []byte) ([]byte, error) {
	for {
		op, length, err := l.header()
		if err != nil {
			return nil, err
		}
		part := head[:min(length, len(head))]
		if _, err := io.ReadFull(l.in, part); err != nil {
			return nil, err
		}
		if err := l.skip(length - len(part)); err != nil {
			return nil, err
		}
		switch op {
		case opText:
			return part, nil
		case opPing:
			err = l.send(opPong, part)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (l *link) header() (op byte, length int, err error) {
	var h [8]byte
	if _, err := io.ReadFull(l.in, h[:2]); err != nil {
		return 0, 0, err
	}
	op, length = h[0]&15, int(h[1]&127)
	switch length {
	case 126:
		_, err = io.ReadFull(l.in, h[:2])
		length = int(binary.BigEndian.Uint16(h[:2]))
	case 127:
		_, err = io.ReadFull(l.in, h[:8])
		length = int(binary.BigEndian.Uint64(h[:8]))
	}
	return op, length, err
}

func (l *link) skip(n int) error {
	buffer, _ := spare.Get().(*[]byte)
	defer spare.Put(buffer)
	for n > 0 {
		read, err := l.in.Read((*buffer)[:min(n, len(*buffer))])
		if err != nil {
			return err
		}
		n -= read
	}
	return nil
}

// join joins the meeting and waits for the answer.
func (l *link) join() error {
	if err := l.call(1, "meeting.join"); err != nil {
		return err
	}
	var head [64]byte
	for {
		text, err := l.next(head[:])
		if err != nil {
			return err
		}
		if isAnswer(text) {
			return nil
		}
	}
}

// isAnswer tells an answer from a notification by how it begins.
func isAnswer(text []byte) bool {
	const begin = `{"jsonrpc":"2.0","id":`
	return len(text) > len(begin) && string(text[:len(begin)]) == begin
}
