package rig

import (
	"bufio"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

// echo is a server that gives every line back.
func echo(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); _, _ = io.Copy(c, c) }()
		}
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return l.Addr().String()
}

// lineClient is a connection through a valve.
type lineClient struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

func through(t *testing.T, offered func(string)) (*Valve, *lineClient) {
	t.Helper()
	v, err := OpenValve(echo(t), net.IPv4(127, 0, 0, 9), offered)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	c, err := net.Dial("tcp", v.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return v, &lineClient{t, c, bufio.NewReader(c)}
}

func (c *lineClient) say(line string) {
	c.t.Helper()
	if _, err := c.Write([]byte(line + "\n")); err != nil {
		c.t.Fatal(err)
	}
}

func (c *lineClient) hears(within time.Duration) error {
	_ = c.SetReadDeadline(time.Now().Add(within))
	_, err := c.in.ReadString('\n')
	return err
}

func TestAValveThatIsHeldLetsNothingThrough(t *testing.T) {
	v, c := through(t, nil)
	c.say("GET /v1/stage HTTP/1.1")
	if err := c.hears(patience); err != nil {
		t.Fatal(err)
	}
	heard := v.Heard()
	if since := time.Since(heard); since > patience {
		t.Errorf("the podium heard something %s ago", since)
	}
	v.Hold(true)
	c.say("more")
	if err := c.hears(100 * time.Millisecond); err == nil {
		t.Fatal("a held valve lets bytes through")
	}
	if v.Heard() != heard {
		t.Error("a held valve says that it has handed something on")
	}
	v.Hold(false)
	if err := c.hears(patience); err != nil {
		t.Fatalf("after the hold: %v", err)
	}
	if !v.Heard().After(heard) {
		t.Error("what came after the hold was not noted")
	}
}

func TestOnlyTheWebSocketRenews(t *testing.T) {
	v, c := through(t, nil)
	c.say("POST /v1/whip/hall HTTP/1.1")
	if err := c.hears(patience); err != nil {
		t.Fatal(err)
	}
	if !v.Heard().IsZero() {
		t.Error("the answer to a POST counts as heard from the stage")
	}
}

func TestAValveResets(t *testing.T) {
	v, c := through(t, nil)
	c.say("x")
	if err := c.hears(patience); err != nil {
		t.Fatal(err)
	}
	v.Reset()
	if err := c.hears(patience); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("after a reset: %v", err)
	}
}

func TestAValveTellsTheNamesOfOffers(t *testing.T) {
	names := make(chan string, 4)
	_, c := through(t, func(n string) { names <- n })
	c.say("POST /v1/whip/hall HTTP/1.1\r")
	c.say("\r\nv=0\r\na=ice-uf") // cut in the middle, as a network may
	if err := c.hears(patience); err != nil {
		t.Fatal(err)
	}
	_, _ = c.Write([]byte("rag:nothing yet"))
	time.Sleep(20 * time.Millisecond) // two segments: either way it is found or not by what it says
	c.say("\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r")
	select {
	case n := <-names:
		if n != "abcd" {
			t.Errorf("the offer's name is %q", n)
		}
	case <-time.After(patience):
		t.Error("an offer went up, and its name was not told")
	}
}
