package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"podium/internal/fingerprint"
)

// Pin judges a server by its key: that one and no other, whatever its
// certificate says of names, dates and authorities. A device whose clock stands
// still since it was built can so connect, and one that a technician misled with
// another authority cannot be. A nil Pin leaves the judgement to the system's
// authorities.
type Pin struct {
	host  string // of the server, host:port
	want  fingerprint.Key
	roots *x509.CertPool // nil: the system's
}

// NewPin pins the server of a base URL. A fingerprint that is zero gives no pin.
func NewPin(server string, want fingerprint.Key) (*Pin, error) {
	if want.IsZero() {
		return nil, nil //nolint:nilnil // a nil Pin is a valid one
	}
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("cannot hold %q to a fingerprint: only a server with https has one; give its address as https://", server)
	}
	return &Pin{host: hostPort(u), want: want}, nil
}

// MismatchError tells that the server that answers has another key.
type MismatchError struct {
	Host      string // host:port
	Want, Got fingerprint.Key
	// WholeCertificate tells that Want is the hash of the server's certificate: it
	// is the right server, with the wrong kind of fingerprint.
	WholeCertificate bool
}

// Error says what was expected, what came, and what to do.
func (e *MismatchError) Error() string {
	text := fmt.Sprintf("%s shows another key than is pinned: expected %s, got %s; ", e.Host, e.Want, e.Got)
	if e.WholeCertificate {
		return text + "what is pinned is the hash of its whole certificate: pin the key's fingerprint instead"
	}
	return text + "if the server was given a new key, pin what podium fingerprint prints on the server; if not, another machine answers in its place"
}

// TLS judges the server itself; nil for a nil Pin.
func (p *Pin) TLS() *tls.Config {
	if p == nil {
		return nil
	}
	return p.judging(&url.URL{Scheme: "https", Host: p.host})
}

// judging gives the configuration for one address. Another host than the
// server's may as well show a certificate that the system's authorities know.
func (p *Pin) judging(at *url.URL) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection judges, also when a session is taken up again
		VerifyConnection: func(shown tls.ConnectionState) error {
			leaf := shown.PeerCertificates[0] // a server always shows one (RFC 8446, section 4.4.2)
			got := fingerprint.Of(leaf)
			switch {
			case got == p.want:
				return nil
			case hostPort(at) == p.host:
				return &MismatchError{Host: p.host, Want: p.want, Got: got, WholeCertificate: fingerprint.OfCertificate(leaf) == p.want}
			}
			return p.byAuthorities(shown.PeerCertificates, at.Hostname())
		},
	}
}

// byAuthorities is the judgement that crypto/tls would have made.
func (p *Pin) byAuthorities(chain []*x509.Certificate, host string) error {
	others := x509.NewCertPool()
	for _, c := range chain[1:] {
		others.AddCert(c)
	}
	if _, err := chain[0].Verify(x509.VerifyOptions{Roots: p.roots, Intermediates: others, DNSName: host}); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}

// largestHeader bounds the header of an answer, in bytes.
const largestHeader = 64 << 10

// Client sends requests to the server and to places that it names; nil for a nil
// Pin. It never sends without TLS, and keeps no connection.
func (p *Pin) Client() *http.Client {
	if p == nil {
		return nil
	}
	return &http.Client{Transport: transport{p}}
}

var errNoTLS = errors.New("the server is held to a fingerprint, and this address has no TLS; let the server name one with https (key publicURL)")

type transport struct{ pin *Pin }

// RoundTrip meets http.RoundTripper. How a server is judged depends on its
// address, so that each request has a connection of its own.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, errNoTLS
	}
	one := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: t.pin.judging(r.URL),
		DisableKeepAlives: true, MaxResponseHeaderBytes: largestHeader,
	}
	return one.RoundTrip(r)
}

// hostPort gives host and port in lower case, the port also where it is the usual one.
func hostPort(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Port() == "" {
		host = strings.TrimSuffix(host, ":") + ":443"
	}
	return host
}

// Advice says what may help when a server has no TLS, or the authorities'
// judgement went against it; empty when err is not about that, or says it itself.
func Advice(err error) string {
	var plain tls.RecordHeaderError
	var wrong *tls.CertificateVerificationError
	switch {
	case errors.As(err, &plain), errors.Is(err, http.ErrSchemeMismatch): // net/http says the one in place of the other
		return "what answers there speaks no TLS: give the stage a certificate (key tls), or its address as http://"
	case errors.As(err, &wrong):
		return "if the server made its certificate itself, pin what podium fingerprint prints on the server (key serverFingerprint, or --fingerprint); if not, look at the server's name in the address, and at the clocks"
	}
	return ""
}

// IsAbout tells whether err is about the server's certificate, or that it has
// none: then a person has to do something.
func IsAbout(err error) bool {
	var mismatch *MismatchError
	return errors.As(err, &mismatch) || errors.Is(err, errNoTLS) || Advice(err) != ""
}
