package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"podium/test/hil/guestapi"
)

// streams are the followed event streams by name.
type streams struct {
	mu    sync.Mutex
	named map[string]*guestapi.Events
}

// maxEvent bounds one event, in bytes.
const maxEvent = 1 << 20

// onSocket is a client of a server on a Unix socket.
func onSocket(socket string) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
}

// askLimit is how long a server may take to answer Ask.
const askLimit = 10 * time.Second

// Ask gets something of a server on a Unix socket: cheaper in an emulated machine
// than to start a program for it.
func (g *Guest) Ask(f guestapi.Follow, body *[]byte) error {
	client := onSocket(f.Socket)
	client.Timeout = askLimit
	response, err := client.Get("http://podium" + f.Path)
	if err != nil {
		return fmt.Errorf("cannot ask for %s: %w", f.Path, err)
	}
	defer response.Body.Close()
	if *body, err = io.ReadAll(io.LimitReader(response.Body, maxEvent)); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("cannot ask for %s: %s", f.Path, response.Status)
	}
	return err
}

// Follow follows a stream until it ends; a name may be used again.
func (g *Guest) Follow(f guestapi.Follow, _ *guestapi.None) error {
	response, err := onSocket(f.Socket).Get("http://podium" + f.Path)
	if err != nil {
		return fmt.Errorf("cannot follow %s: %w", f.Path, err)
	}
	if response.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("cannot follow %s: %s", f.Path, response.Status), response.Body.Close())
	}
	events := &guestapi.Events{}
	g.streams.mu.Lock()
	if g.streams.named == nil {
		g.streams.named = map[string]*guestapi.Events{}
	}
	g.streams.named[f.Name] = events
	g.streams.mu.Unlock()
	go g.follow(response, events)
	return nil
}

func (g *Guest) follow(response *http.Response, events *guestapi.Events) {
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, maxEvent)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		g.streams.mu.Lock()
		events.Events = append(events.Events, guestapi.Event{At: g.clock.now(), Data: bytes.Clone(data)})
		g.streams.mu.Unlock()
	}
	g.streams.mu.Lock()
	events.Ended = g.clock.now()
	g.streams.mu.Unlock()
}

// Events returns what a followed stream has brought.
func (g *Guest) Events(name string, events *guestapi.Events) error {
	g.streams.mu.Lock()
	defer g.streams.mu.Unlock()
	e := g.streams.named[name]
	if e == nil {
		return fmt.Errorf("no stream is followed as %q", name)
	}
	*events = guestapi.Events{Events: slices.Clone(e.Events), Ended: e.Ended}
	return nil
}
