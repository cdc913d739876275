package door

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const patience = 30 * time.Second

// gate is a server behind a listener with bounds.
type gate struct {
	t        *testing.T
	listener *Listener
	web      *httptest.Server
}

func openGate(t *testing.T, b Bounds, secure bool) *gate {
	t.Helper()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, listener: Listen(plain, b)}
	g.web = httptest.NewUnstartedServer(Bounded(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "welcome")
	})))
	_ = g.web.Listener.Close()
	g.web.Listener, g.web.Config.ConnContext = g.listener, ConnContext
	if secure {
		g.web.StartTLS()
	} else {
		g.web.Start()
	}
	t.Cleanup(g.web.Close)
	return g
}

// dial connects from a loopback address of the test's own.
func (g *gate) dial(from string) net.Conn {
	g.t.Helper()
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := dialer.Dial("tcp", g.listener.Addr().String())
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = c.Close() })
	if g.web.TLS != nil {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	}
	return c
}

// ask sends one request and gives the answer.
func (g *gate) ask(c net.Conn) (*http.Response, string) {
	g.t.Helper()
	_ = c.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: here\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		g.t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return response, string(body)
}

func (g *gate) want(c net.Conn, status int, words string) {
	g.t.Helper()
	response, body := g.ask(c)
	if response.StatusCode != status || !strings.Contains(body, words) {
		g.t.Errorf("answered %d %q, want %d and %q", response.StatusCode, body, status, words)
	}
	if status != http.StatusOK && (response.Header.Get("Retry-After") != "5" || !response.Close) {
		g.t.Errorf("Retry-After %q, closes: %v", response.Header.Get("Retry-After"), response.Close)
	}
}

// eventually waits until ok holds.
func (g *gate) eventually(what string, ok func() bool) {
	g.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	g.t.Fatalf("waited in vain until %s", what)
}

// One address holds as many connections as it may, and is told so beyond that;
// others are served meanwhile, and a place that becomes free is taken.
func TestConnectionsOfAnAddress(t *testing.T) {
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprint("TLS ", secure), func(t *testing.T) {
			g := openGate(t, Bounds{Total: 100, PerAddress: 3}, secure)
			var held []net.Conn
			for range 3 {
				held = append(held, g.dial("127.0.0.2"))
			}
			g.eventually("three are open", func() bool { return g.listener.Open() == 3 })
			g.want(g.dial("127.0.0.2"), http.StatusTooManyRequests, "limits.connectionsPerAddress")
			g.want(g.dial("127.0.0.3"), http.StatusOK, "welcome")
			g.want(held[0], http.StatusOK, "welcome")
			_ = held[0].Close()
			_ = held[1].Close()
			g.eventually("places are free", func() bool { return g.listener.from.Held(AddressOf(held[2].LocalAddr())) <= 1 })
			g.want(g.dial("127.0.0.2"), http.StatusOK, "welcome")
		})
	}
}

func TestConnectionsInAll(t *testing.T) {
	g := openGate(t, Bounds{Total: 4, PerAddress: 3}, false)
	for n := range 4 {
		g.dial(fmt.Sprintf("127.0.0.%d", 2+n%2))
	}
	g.eventually("four are open", func() bool { return g.listener.Open() == 4 })
	g.want(g.dial("127.0.0.9"), http.StatusServiceUnavailable, "limits.connections")
}

// Of those that are too many only so many are told so: who is turned away uses up
// nothing either.
func TestTurnedAwayAreBounded(t *testing.T) {
	g := openGate(t, Bounds{Total: 1, PerAddress: 1}, false)
	g.dial("127.0.0.2")
	g.eventually("one is open", func() bool { return g.listener.Open() == 1 })
	for range turnedAway {
		g.dial("127.0.0.3")
	}
	c := g.dial("127.0.0.3")
	_ = c.SetDeadline(time.Now().Add(patience))
	if _, err := io.ReadAll(c); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Errorf("the one beyond is kept open: %v", err)
	}
}

// In a crowd an answered connection is closed, so that it keeps nobody's place.
func TestNobodyStaysInACrowd(t *testing.T) {
	g := openGate(t, Bounds{Total: 100, PerAddress: 4}, false)
	first := g.dial("127.0.0.2")
	if response, _ := g.ask(first); response.Close {
		t.Error("a connection is closed without need")
	}
	g.dial("127.0.0.2")
	g.dial("127.0.0.2")
	g.eventually("three are open", func() bool { return g.listener.Open() == 3 })
	if response, _ := g.ask(first); !response.Close {
		t.Error("a connection is kept in a crowd")
	}
	g.eventually("its place is free", func() bool { return g.listener.Open() == 2 })
}

// Several buffers leave a connection in one call: a full hall's list is sent so.
func TestBuffersLeaveTogether(t *testing.T) {
	type together interface {
		ReadFrom(io.Reader) (int64, error)
		SetNoDelay(bool) error
	}
	var c any = &conn{}
	if _, ok := c.(together); !ok {
		t.Error("the connection hides what TCP can do")
	}
}
