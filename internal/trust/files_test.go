package trust

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"podium/internal/fingerprint"
)

// transcript is a log that is read while it is written.
type transcript struct {
	mu   sync.Mutex
	text []byte
}

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, p...)
	return len(p), nil
}

// take gives what came since the last time.
func (s *transcript) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := string(s.text)
	s.text = nil
	return text
}

// TestRenewal renews the files in all the ways that happen, and looks at what is
// served and what is said.
func TestRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, other := newPlace(t), newPlace(t)
		_, first := p.make(time.Now(), "one.example")
		_, foreign := other.make(time.Now(), "other.example")
		var log transcript
		f, err := Open(p.cert, p.key, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { f.Follow(ctx); close(ended) }()
		// after gives the name that is served, and what was said within two looks.
		after := func(change func()) (name, said string) {
			log.take()
			change()
			time.Sleep(2 * lookEvery)
			synctest.Wait()
			return strings.Join(f.current.Load().Leaf.DNSNames, " "), log.take()
		}
		expect := func(what, name, said, wantName, wantSaid string, lines int) {
			t.Helper()
			if name != wantName || !strings.Contains(said, wantSaid) || strings.Count(said, "\n") != lines {
				t.Errorf("%s: serves %q and says %q; want %q and %d lines with %q", what, name, said, wantName, lines, wantSaid)
			}
		}
		name, said := after(func() {})
		expect("nothing happened", name, said, "one.example", "", 0)
		name, said = after(func() { p.make(time.Now(), "two.example") })
		expect("renewed", name, said, "two.example", "certificate renewed", 1)
		if f.Fingerprint() != fingerprint.Of(first) {
			t.Error("a renewal with the same key has another fingerprint")
		}
		second := p.load(p.cert)
		name, said = after(func() { p.save(p.cert, "", 0o644) })
		expect("emptied", name, said, "two.example", "the former stays in use", 1)
		name, said = after(func() { p.save(p.cert, string(second[:200]), 0o644) })
		expect("half written", name, said, "two.example", "the former stays in use", 1)
		name, said = after(func() { _ = os.Remove(p.cert) })
		expect("gone", name, said, "two.example", "no such file", 1)
		name, said = after(func() { p.save(p.cert, string(other.load(other.cert)), 0o644) })
		expect("not of this key", name, said, "two.example", "private key does not match public key", 1)
		name, said = after(func() { p.save(p.key, string(other.load(other.key)), 0o644) })
		expect("key for everybody", name, said, "two.example", "chmod 600", 1)
		name, said = after(func() { _ = os.Chmod(p.key, 0o600) })
		expect("another key", name, said, "other.example", "podiums that pin the former one refuse the server", 2)
		if f.Fingerprint() != fingerprint.Of(foreign) || strings.Contains(said, "BEGIN") {
			t.Errorf("serves %s, and said %s", f.Fingerprint(), said)
		}
		cancel()
		<-ended
	})
}

// A certificate that does not hold is served all the same, since podiums that pin
// it work; the log says so, once each, and before it happens.
func TestTheEndOfACertificateIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlace(t)
		begin := time.Now()
		p.make(begin.Add(2*clockSlack), "one.example")
		var log transcript
		f, err := Open(p.cert, p.key, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		end := begin.Add(2*clockSlack + madeFor)
		for _, row := range []struct {
			at   time.Time
			says string
		}{
			{begin, "does not hold yet"},
			{begin.Add(2 * clockSlack), ""},
			{end.Add(-renewalDue - time.Hour), ""},
			{end.Add(-renewalDue + time.Hour), "is over soon"},
			{end.Add(time.Hour), "is over; renew it"},
		} {
			time.Sleep(time.Until(row.at))
			f.look()
			f.look()
			if said := log.take(); !strings.Contains(said, row.says) || strings.Count(said, "\n") != min(1, len(row.says)) {
				t.Errorf("at %s: %q, want %q once", row.at, said, row.says)
			}
		}
		p.make(time.Now(), "two.example")
		f.look()
		if said := log.take(); !strings.Contains(said, "certificate renewed") || strings.Count(said, "\n") != 1 {
			t.Errorf("renewed: %q", said)
		}
	})
}

func TestOpenSaysWhatIsInTheWay(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "stage.example")
	for path, says := range map[string]string{p.key: "cannot use the key " + p.key, p.cert: "cannot read the certificate " + p.cert} {
		kept := p.load(path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(p.cert, p.key, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("without %s: %v", path, err)
		}
		p.save(path, string(kept), 0o600)
	}
}

// server serves f's certificate on loopback until the test ends.
func server(t *testing.T, f *Files, h http.Handler) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h, TLSConfig: f.TLS(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	ended := make(chan struct{})
	go func() { _ = s.ServeTLS(l, "", ""); close(ended) }()
	t.Cleanup(func() { _ = s.Close(); <-ended })
	return "https://" + l.Addr().String()
}

// A connection from before a renewal goes on; the next one gets what is new.
func TestRenewalLeavesConnectionsAlone(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "127.0.0.1")
	f := p.open()
	url := server(t, f, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	dial := func() (*http.Client, func(), func() string) {
		transport := &http.Transport{TLSClientConfig: (&Pin{host: strings.TrimPrefix(url, "https://"), want: f.Fingerprint()}).TLS()}
		c := &http.Client{Transport: transport}
		return c, transport.CloseIdleConnections, func() string {
			resp, err := c.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			return resp.TLS.PeerCertificates[0].SerialNumber.String()
		}
	}
	_, done, old := dial()
	defer done()
	before := old()
	_, second := p.make(time.Now(), "127.0.0.1", "renewed.example")
	f.look()
	if got := old(); got != before {
		t.Error("the old connection was made anew")
	}
	_, doneNew, fresh := dial()
	defer doneNew()
	if got := fresh(); got != second.SerialNumber.String() {
		t.Errorf("a new connection gets %s, want %s", got, second.SerialNumber)
	}
}
