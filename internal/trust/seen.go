package trust

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"time"
)

// seeLimit bounds one look at a server.
const seeLimit = 10 * time.Second

// Seen gives the certificate that a server shows, unjudged: whoever answers may
// show any.
func Seen(ctx context.Context, server string) (*x509.Certificate, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("cannot look at %q: only a server with https has a certificate; give a URL like https://stage.example:8080", server)
	}
	ctx, cancel := context.WithTimeout(ctx, seeLimit)
	defer cancel()
	var leaf *x509.Certificate
	dialer := tls.Dialer{Config: &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // nothing is sent: it is only looked at
		VerifyConnection:   func(shown tls.ConnectionState) error { leaf = shown.PeerCertificates[0]; return nil },
	}}
	conn, err := dialer.DialContext(ctx, "tcp", hostPort(u))
	if err != nil {
		return nil, fmt.Errorf("cannot see the certificate of %s: %w", server, err)
	}
	_ = conn.Close()
	return leaf, nil
}
