package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// socketMode lets the service's user and group in, and nobody else.
	socketMode = 0o660
	// maxConnections bounds the programs that are connected at once.
	maxConnections = 128
	// patience is how long each part of a request may take, and a silence after it.
	patience = 5 * time.Second
)

// Listen opens the podium's socket. One left over from a process that is gone
// is replaced; one that answers is an error, since two podiums cannot share it.
func Listen(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the folder of socket %s: %w", path, err)
	}
	l, err := net.Listen("unix", path)
	if errors.Is(err, syscall.EADDRINUSE) {
		if conn, dialErr := net.DialTimeout("unix", path, time.Second); dialErr == nil {
			_ = conn.Close()
			return nil, fmt.Errorf("cannot use socket %s: a podium answers there already; stop it, or choose another socket", path)
		}
		if err = os.Remove(path); err == nil {
			l, err = net.Listen("unix", path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot use socket %s: %w", path, err)
	}
	if err := os.Chmod(path, socketMode); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("cannot set the rights of socket %s: %w", path, err)
	}
	return l, nil
}

// newServer bounds what a program may do that is let in: a press is short, and the
// stream sets deadlines of its own.
func newServer(ctx context.Context, p Podium) *http.Server {
	return &http.Server{
		Handler: Handler(p), MaxHeaderBytes: maxBody,
		ReadHeaderTimeout: patience, ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: patience,
		BaseContext: func(net.Listener) context.Context { return ctx }, // ends the streams
	}
}

// few closes connections beyond maxConnections at once, so that no program of this
// device can use up the podium's files.
type few struct {
	net.Listener
	open atomic.Int32
}

// Accept gives the next connection that there is room for.
func (f *few) Accept() (net.Conn, error) {
	for {
		c, err := f.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if f.open.Add(1) <= maxConnections {
			return &counted{Conn: c, gone: sync.OnceFunc(func() { f.open.Add(-1) })}, nil
		}
		f.open.Add(-1)
		_ = c.Close()
	}
}

// counted is counted off when it is closed.
type counted struct {
	net.Conn
	gone func()
}

// Close closes the connection.
func (c *counted) Close() error {
	c.gone()
	return c.Conn.Close()
}

// Serve serves the podium on the socket until the context ends.
func Serve(ctx context.Context, l net.Listener, p Podium) error {
	server := newServer(ctx, p)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(&few{Listener: l}) }()
	select {
	case err := <-ended:
		return fmt.Errorf("cannot serve the control socket: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("cannot serve the control socket: %w", err)
	}
	return nil
}
