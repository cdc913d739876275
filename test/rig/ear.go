package rig

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// Ear is the UDP socket of one viewer. It knows when the kernel took the latest RTP
// packet in, which on one machine is when the server let it go, however late the viewer
// gets to read it.
type Ear struct {
	*net.UDPConn
	*Viewer
	mux  *ice.UDPMuxDefault
	last atomic.Int64 // Unix time in ns
	oob  [128]byte    // of the one who reads
}

// earBuffer is asked of the kernel for what waits to be read, in bytes.
const earBuffer = 1 << 20

// Listen is Watch on loopback with a socket of that kind. The caller ends it with Shut.
func Listen(ctx context.Context, url, token string) (*Ear, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(mediaHost)})
	if err != nil {
		return nil, fmt.Errorf("cannot open a viewer's socket: %w", err)
	}
	if err := askTimes(conn); err != nil {
		_ = conn.Close()
		return nil, err
	}
	_ = conn.SetReadBuffer(earBuffer) // less only means that packets are lost sooner
	e := &Ear{UDPConn: conn}
	e.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: e})
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEUDPMux(e.mux)
	if e.Viewer, err = watch(ctx, url, token, nil, settings); err != nil {
		e.Shut()
		return nil, err
	}
	return e, nil
}

// ReadFrom is the socket's, with a look at the time.
func (e *Ear) ReadFrom(buf []byte) (int, net.Addr, error) {
	n, m, _, from, err := e.ReadMsgUDP(buf, e.oob[:])
	if err != nil {
		return n, nil, err
	}
	if isRTP(buf[:n]) {
		e.last.Store(stamp(e.oob[:m]))
	}
	return n, from, nil
}

// Last is when the latest RTP packet was taken in.
func (e *Ear) Last() time.Time { return time.Unix(0, e.last.Load()) }

// Close is the socket's, for the multiplexer that owns it.
func (e *Ear) Close() error { return e.UDPConn.Close() }

// Shut ends the viewer and closes the socket.
func (e *Ear) Shut() {
	if e.Viewer != nil {
		e.Viewer.Close()
	}
	_ = e.mux.Close()
	_ = e.Close()
}
