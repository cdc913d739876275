package trust

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"podium/internal/fingerprint"
)

func pinned(t *testing.T, server string, want fingerprint.Key) *Pin {
	t.Helper()
	p, err := NewPin(server, want)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func get(c *http.Client, url string) error {
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// The key decides: not the name, not the dates, not who signed.
func TestPinLooksAtTheKeyAlone(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now().AddDate(-20, 0, 0), "another.example") // neither name nor dates fit
	f := p.open()
	url := server(t, f, http.NotFoundHandler())
	if err := get(pinned(t, url, f.Fingerprint()).Client(), url); err != nil {
		t.Errorf("the right key: %v", err)
	}
	p.make(time.Now(), "127.0.0.1")
	f.look()
	if err := get(pinned(t, url, f.Fingerprint()).Client(), url); err != nil {
		t.Errorf("a renewed certificate of the same key: %v", err)
	}
	wrong := f.Fingerprint()
	wrong[0]++
	err := get(pinned(t, url, wrong).Client(), url)
	var mismatch *MismatchError
	if !errors.As(err, &mismatch) || mismatch.Got != f.Fingerprint() || mismatch.Want != wrong || mismatch.WholeCertificate || !IsAbout(err) || Advice(err) != "" {
		t.Fatalf("another key: %v", err)
	}
	for _, part := range []string{"expected " + wrong.String(), "got " + f.Fingerprint().String(), "podium fingerprint"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	err = get(pinned(t, url, fingerprint.OfCertificate(p.read())).Client(), url)
	if !errors.As(err, &mismatch) || !mismatch.WholeCertificate || !strings.Contains(err.Error(), "pin the key's fingerprint instead") {
		t.Errorf("the certificate's hash: %v", err)
	}
}

// Another host is judged as everybody judges, or has the pinned key too; the
// pinned one is never judged by authorities.
func TestPinIsForItsHostAlone(t *testing.T) {
	p, other := newPlace(t), newPlace(t)
	p.make(time.Now(), "127.0.0.1")
	other.make(time.Now(), "127.0.0.1")
	stage := server(t, p.open(), http.NotFoundHandler())
	same := server(t, p.open(), http.NotFoundHandler())
	elsewhere := server(t, other.open(), http.NotFoundHandler())
	roots := func(certs ...*x509.Certificate) *x509.CertPool {
		pool := x509.NewCertPool()
		for _, c := range certs {
			pool.AddCert(c)
		}
		return pool
	}
	byName := strings.Replace(elsewhere, "127.0.0.1", "localhost", 1)
	for _, row := range []struct {
		what, server, url string
		want              fingerprint.Key
		roots             *x509.CertPool
		says              string
	}{
		{"the pinned key at another address", stage, same, p.open().Fingerprint(), roots(), ""},
		{"a known certificate at another address", stage, elsewhere, p.open().Fingerprint(), roots(other.read()), ""},
		{"an unknown one at another address", stage, elsewhere, p.open().Fingerprint(), roots(), "certificate signed by unknown authority"},
		{"one for another name", stage, byName, p.open().Fingerprint(), roots(other.read()), "not valid for any names"},
		{"a known one at the pinned address", elsewhere, elsewhere, p.open().Fingerprint(), roots(other.read()), "shows another key than is pinned"},
		{"no TLS", stage, "http" + strings.TrimPrefix(stage, "https"), p.open().Fingerprint(), roots(), "this address has no TLS"},
	} {
		pin := pinned(t, row.server, row.want)
		pin.roots = row.roots
		err := get(pin.Client(), row.url)
		if (err == nil) != (row.says == "") || (err != nil && !strings.Contains(err.Error(), row.says)) {
			t.Errorf("%s: %v, want %q", row.what, err, row.says)
		}
	}
}

// No connection is kept, and a body is sent and closed.
func TestPinnedClientPosts(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "127.0.0.1")
	f := p.open()
	url := server(t, f, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	resp, err := pinned(t, url, f.Fingerprint()).Client().Post(url, "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "hello" || resp.TLS.Version != tls.VersionTLS13 {
		t.Errorf("%q, %v, %x", body, err, resp.TLS.Version)
	}
}

func TestNoPin(t *testing.T) {
	pin, err := NewPin("http://hall", fingerprint.Key{})
	if pin != nil || err != nil || pin.TLS() != nil || pin.Client() != nil {
		t.Errorf("no fingerprint: %v, %v", pin, err)
	}
	for _, server := range []string{"http://hall", "hall", "https://", "%"} {
		if _, err := NewPin(server, fingerprint.Key{1}); err == nil || !strings.Contains(err.Error(), "https") {
			t.Errorf("%q: %v", server, err)
		}
	}
}

func TestHostPort(t *testing.T) {
	for text, want := range map[string]string{
		"https://Stage.Example": "stage.example:443", "https://stage.example:443/x": "stage.example:443", "https://stage.example:": "stage.example:443",
		"https://stage.example:8443": "stage.example:8443", "https://[2001:DB8::1]": "[2001:db8::1]:443", "https://192.0.2.1:1": "192.0.2.1:1",
	} {
		u, err := url.Parse(text)
		if err != nil || hostPort(u) != want {
			t.Errorf("%s: %s, %v; want %s", text, hostPort(u), err, want)
		}
	}
}

func TestAdvice(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "another.example")
	url := server(t, p.open(), http.NotFoundHandler())
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	err := get(c, url)
	if !IsAbout(err) || !strings.Contains(Advice(err), "serverFingerprint") {
		t.Errorf("an unknown certificate: %v: %q", err, Advice(err))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	plain := &http.Server{Handler: http.NotFoundHandler()}
	ended := make(chan struct{})
	go func() { _ = plain.Serve(l); close(ended) }()
	defer func() { _ = plain.Close(); <-ended }()
	err = get(pinned(t, "https://"+l.Addr().String(), fingerprint.Key{1}).Client(), "https://"+l.Addr().String())
	if !IsAbout(err) || !strings.Contains(Advice(err), "speaks no TLS") {
		t.Errorf("no TLS there: %v: %q", err, Advice(err))
	}
	if err := errors.New("cable"); IsAbout(err) || Advice(err) != "" {
		t.Error("a cable is no certificate")
	}
}

func TestSeen(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "another.example")
	f := p.open()
	cert, err := Seen(t.Context(), server(t, f, http.NotFoundHandler()))
	if err != nil || fingerprint.Of(cert) != f.Fingerprint() {
		t.Errorf("%v, %v", cert, err)
	}
	if _, err := Seen(t.Context(), "http://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("no TLS: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Seen(ctx, "https://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "cannot see the certificate of https://127.0.0.1:1") {
		t.Errorf("nobody there: %v", err)
	}
}

// A client of the time before TLS 1.2 is turned away.
func TestOldTLSIsRefused(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "127.0.0.1")
	f := p.open()
	address := strings.TrimPrefix(server(t, f, http.NotFoundHandler()), "https://")
	for version, ok := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		c := pinned(t, "https://"+address, f.Fingerprint()).TLS()
		c.MinVersion, c.MaxVersion = version, version
		conn, err := tls.Dial("tcp", address, c)
		if (err == nil) != ok {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}
