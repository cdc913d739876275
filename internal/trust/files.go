package trust

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"podium/internal/fingerprint"
	"podium/internal/secret"
)

// lookEvery is how often the files are looked at for a renewal. Their bytes are
// compared: times of files are coarse, and are copied along with them.
const lookEvery = 5 * time.Second

// renewalDue before its end a given certificate should have been renewed: certbot
// does it a month ahead.
const renewalDue = 14 * 24 * time.Hour

// Files is a server's certificate with its key, followed as it is renewed.
type Files struct {
	certFile, keyFile string
	log               *slog.Logger
	current           atomic.Pointer[tls.Certificate]
	// For Follow alone: a hash of what the files were when last looked at, and what
	// was last said of the dates.
	seen []byte
	told string
}

// Open reads a certificate chain and its key, both PEM. A key that others can
// read is refused.
func Open(certFile, keyFile string, log *slog.Logger) (*Files, error) {
	f := &Files{certFile: certFile, keyFile: keyFile, log: log}
	cert, seen, err := f.read()
	if err != nil {
		return nil, err
	}
	f.seen = seen
	f.current.Store(cert)
	f.warn(time.Now())
	return f, nil
}

// TLS is the server's side: TLS 1.2 at least, and for each new connection the
// certificate of that moment.
func (f *Files) TLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current.Load(), nil },
	}
}

// Fingerprint is that of the key in use.
func (f *Files) Fingerprint() fingerprint.Key { return fingerprint.Of(f.current.Load().Leaf) }

// Follow takes renewed files into use until the context ends. What cannot be
// used leaves the former certificate in use.
func (f *Files) Follow(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			f.look()
		case <-ctx.Done():
			return
		}
	}
}

func (f *Files) look() {
	defer func() { f.warn(time.Now()) }()
	cert, seen, err := f.read()
	if bytes.Equal(seen, f.seen) {
		return
	}
	f.seen = seen
	if err != nil {
		f.log.Error("the renewed certificate cannot be used; the former stays in use", "err", err, "former ends", f.current.Load().Leaf.NotAfter)
		return
	}
	before, now := f.Fingerprint(), fingerprint.Of(cert.Leaf)
	f.current.Store(cert)
	f.log.Info("certificate renewed", "file", f.certFile, "ends", cert.Leaf.NotAfter, "fingerprint", now)
	if now != before {
		f.log.Warn("the renewed certificate has another key: podiums that pin the former one refuse the server", "former", before, "fingerprint", now)
	}
}

// warn tells once of a certificate that browsers refuse, or soon will.
func (f *Files) warn(now time.Time) {
	leaf := f.current.Load().Leaf
	what := ""
	switch {
	case now.Before(leaf.NotBefore):
		what = "the certificate does not hold yet; is the clock right?"
	case now.After(leaf.NotAfter):
		what = "the certificate is over; renew it"
	case now.Add(renewalDue).After(leaf.NotAfter):
		what = "the certificate is over soon; renew it"
	}
	if what != "" && what != f.told {
		f.log.Warn(what, "file", f.certFile, "begins", leaf.NotBefore, "ends", leaf.NotAfter)
	}
	f.told = what
}

// read gives the certificate and a hash of what was there, errors included.
func (f *Files) read() (*tls.Certificate, []byte, error) {
	seen := sha256.New()
	cert, certErr := readFile(f.certFile)
	key, keyErr := secret.ReadKey(f.keyFile)
	fmt.Fprintln(seen, len(cert), certErr, len(key), keyErr)
	seen.Write(cert)
	seen.Write(key)
	sum := seen.Sum(nil)
	if certErr != nil {
		return nil, sum, fmt.Errorf("cannot read the certificate %s: %w", f.certFile, certErr)
	}
	if keyErr != nil {
		return nil, sum, fmt.Errorf("cannot use the key %s: %w", f.keyFile, keyErr)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, sum, fmt.Errorf("cannot use the certificate %s with the key %s: %w", f.certFile, f.keyFile, err)
	}
	return &pair, sum, nil
}

// largestChain bounds a certificate file, in bytes.
const largestChain = 256 << 10

func readFile(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err == nil && len(data) > largestChain {
		return nil, fmt.Errorf("it is longer than %d bytes; is it the right file?", largestChain)
	}
	return data, bareError(err)
}
