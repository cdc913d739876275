//go:build faults

package faults

import (
	"context"
	"io"
	"net"
	"sync"
)

// proxy carries TCP connections from this process into a namespace, so that what
// knows nothing of namespaces can be used.
type proxy struct {
	inside  *namespace
	address string
	work    sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	over  bool
}

func (p *proxy) accept(l net.Listener) {
	for {
		outer, err := l.Accept()
		if err != nil {
			return
		}
		p.work.Go(func() { p.carry(outer) })
	}
}

func (p *proxy) carry(outer net.Conn) {
	defer p.drop(outer)
	if !p.keep(outer) {
		return
	}
	inner, err := p.inside.dial(context.Background(), p.address)
	if err != nil {
		return
	}
	defer p.drop(inner)
	if !p.keep(inner) {
		return
	}
	p.work.Go(func() {
		_, _ = io.Copy(inner, outer)
		p.drop(inner)
	})
	_, _ = io.Copy(outer, inner)
}

func (p *proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = struct{}{}
	return !p.over
}

func (p *proxy) drop(c net.Conn) {
	_ = c.Close()
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
}

func (p *proxy) close() {
	p.mu.Lock()
	p.over = true
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.work.Wait()
}
