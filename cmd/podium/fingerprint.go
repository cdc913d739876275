package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/internal/fingerprint"
	"podium/internal/trust"
)

// identity is what podium fingerprint --json prints.
type identity struct {
	Fingerprint fingerprint.Key `json:"fingerprint"` // of the key; what is pinned
	Certificate fingerprint.Key `json:"certificate"` // of the whole certificate; what browsers show
	Names       []string        `json:"names"`       // host names and addresses
	NotBefore   time.Time       `json:"notBefore"`
	NotAfter    time.Time       `json:"notAfter"`
}

func newFingerprint() *cobra.Command {
	var path, server string
	var asJSON bool
	c := &cobra.Command{
		Use: "fingerprint", Short: "Print the fingerprint of a stage's key, which podiums and hosts pin",
		Long: `Print the fingerprint of a stage's key: for serverFingerprint in podium.yaml, and
for podium host --fingerprint. With --config, on the server, it is read from the
certificate itself. With --server it is what answers at that address, which
need not be your server: compare it with what --config prints there.`,
		Example: "  podium fingerprint --config /etc/podium/stage.yaml\n  podium fingerprint --server https://stage.example:8080",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cert, err := findCertificate(c.Context(), path, server)
			if err != nil {
				return err
			}
			if server != "" {
				fmt.Fprintln(c.ErrOrStderr(), "podium: this is what answers at that address; compare it with what podium fingerprint --config prints on the server")
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), identify(cert))
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), fingerprint.Of(cert))
			return err
		},
	}
	c.Flags().StringVar(&path, "config", "", "the stage's configuration")
	c.Flags().StringVar(&server, "server", "", "the stage server's address, https")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the certificate's hash, names and dates")
	return c
}

func findCertificate(ctx context.Context, path, server string) (*x509.Certificate, error) {
	switch {
	case (path == "") == (server == ""):
		return nil, usageError{errors.New("give either --config FILE, on the server, or --server URL")}
	case server != "":
		return trust.Seen(ctx, server)
	}
	cfg, err := config.LoadStage(path)
	if err != nil {
		return nil, err
	}
	if cfg.TLS.CertFile == "" {
		return nil, fmt.Errorf("%s gives the stage no certificate; set tls.selfSigned: true, or tls.certFile and tls.keyFile", path)
	}
	return readCertificate(cfg.TLS)
}

// readCertificate reads the leaf. It makes none: the key would belong to whoever
// types the command, and the service could not read it.
func readCertificate(c config.TLS) (*x509.Certificate, error) {
	data, err := os.ReadFile(c.CertFile)
	if c.SelfSigned && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no certificate %s yet; podium stage makes it when it starts", c.CertFile)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the certificate: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("cannot read the certificate %s: it is not PEM", c.CertFile)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("cannot read the certificate %s: %w", c.CertFile, err)
	}
	return cert, nil
}

func identify(cert *x509.Certificate) identity {
	names := append([]string{}, cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	return identity{
		Fingerprint: fingerprint.Of(cert), Certificate: fingerprint.OfCertificate(cert), Names: names,
		NotBefore: cert.NotBefore, NotAfter: cert.NotAfter,
	}
}
