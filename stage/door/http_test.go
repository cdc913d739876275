package door

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// hurried are deadlines that a test can wait for.
var hurried = Deadlines{Header: 300 * time.Millisecond, Read: 600 * time.Millisecond, Write: 900 * time.Millisecond, Idle: 300 * time.Millisecond}

// serve runs a server on loopback and gives its address.
func serve(t *testing.T, next http.Handler, d Deadlines) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := Server(next, d)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(Listen(l, Bounds{Total: 1000, PerAddress: 1000})) }()
	t.Cleanup(func() {
		_ = s.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func dialTo(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

// readsBody answers how many bytes came, or why not all.
var readsBody = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, len(body))
})

// Who sends a byte now and then, in the headers or in the body, or nothing at all,
// is cut; the time counts from the beginning, not from the last byte.
func TestSlowRequestsAreCut(t *testing.T) {
	address := serve(t, readsBody, hurried)
	for name, begin := range map[string]string{
		"says nothing":  "",
		"slow headers":  "GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ",
		"slow body":     "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 65536\r\n\r\n",
		"slow chunks":   "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
		"idle too long": "GET / HTTP/1.1\r\nHost: here\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dialTo(t, address)
			fmt.Fprint(c, begin)
			stop := make(chan struct{})
			fed := make(chan struct{})
			go func() {
				defer close(fed)
				for begin != "" && !strings.HasSuffix(begin, "here\r\n\r\n") {
					select {
					case <-stop:
						return
					case <-time.After(20 * time.Millisecond):
						_, _ = c.Write([]byte("x"))
					}
				}
			}()
			_, err := io.ReadAll(c)
			close(stop)
			<-fed
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("not cut")
			}
		})
	}
}

// Who does not read the answer is cut.
func TestSlowReadersAreCut(t *testing.T) {
	cut := make(chan error, 1)
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				cut <- err
				return
			}
		}
	}), hurried)
	c := dialTo(t, address)
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: here\r\n\r\n")
	select {
	case <-cut:
	case <-time.After(patience):
		t.Error("not cut")
	}
}

// A connection that a handler takes over, as a WebSocket's does, outlives them all.
func TestTakenOverConnectionsHaveNoDeadline(t *testing.T) {
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		if err := c.SetDeadline(time.Time{}); err != nil { // as gorilla/websocket does
			t.Error(err)
		}
		_, _ = io.Copy(c, c)
	}), hurried)
	c := dialTo(t, address)
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: here\r\n\r\n")
	time.Sleep(hurried.Write + hurried.Idle)
	fmt.Fprintln(c, "still there")
	if line, err := bufio.NewReader(c).ReadString('\n'); line != "still there\n" {
		t.Errorf("came %q, %v", line, err)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	address := serve(t, readsBody, Usual)
	for size, want := range map[int]int{12 << 10: http.StatusOK, 32 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		c := dialTo(t, address)
		go fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: here\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", size))
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%d bytes are answered %s", size, response.Status)
		}
	}
}
