package main

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"podium/test/hil/guestapi"
)

// notices is what a program tells its service manager; see sd_notify(3).
type notices struct {
	mu  sync.Mutex
	all []guestapi.Notice
}

// Listen plays the service manager on a socket.
func (g *Guest) Listen(path string, _ *guestapi.None) error {
	socket, err := g.listen(path)
	if err == nil {
		go g.hear(socket)
	}
	return err
}

func (g *Guest) listen(path string) (*net.UnixConn, error) {
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("cannot play the service manager: %w", err)
	}
	return socket, nil
}

// hear notes what comes until the socket is closed.

func (g *Guest) hear(socket *net.UnixConn) {
	text := make([]byte, 4096)
	for {
		n, err := socket.Read(text)
		if err != nil {
			return
		}
		at := g.clock.now()
		driven := ""
		if strings.Contains(string(text[:n]), "READY=1") {
			driven = g.driven()
		}
		g.notices.mu.Lock()
		g.notices.all = append(g.notices.all, guestapi.Notice{At: at, Text: string(text[:n]), Driven: driven})
		g.notices.mu.Unlock()
	}
}

// driven lists the lamps that a program drives now.
func (g *Guest) driven() string {
	var lines []string
	for _, line := range []string{guestapi.LineRed, guestapi.LineGreen} {
		if g.header.driven(line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}

// Notices returns all that was heard.
func (g *Guest) Notices(_ guestapi.None, all *[]guestapi.Notice) error {
	g.notices.mu.Lock()
	defer g.notices.mu.Unlock()
	*all = slices.Clone(g.notices.all)
	return nil
}
