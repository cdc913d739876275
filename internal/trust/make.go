package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"slices"
	"time"

	"podium/internal/secret"
)

const (
	// madeFor is how long a certificate holds that was made here. Podiums do not
	// ask; who accepted it in a browser should not be asked again soon.
	madeFor = 10 * 365 * 24 * time.Hour
	// renewBefore its end it is made anew, at a start.
	renewBefore = 365 * 24 * time.Hour
	// clockSlack is how far a browser's clock may be behind.
	clockSlack = 24 * time.Hour
	certMode   = 0o644 // it is shown to everybody who connects
)

// Names is what a certificate holds for.
type Names struct {
	// Needed are host names and IP addresses without which a certificate is made
	// anew, with the same key.
	Needed []string
	// Welcome are put in when it is made anyway: addresses that come and go.
	Welcome []string
}

// Make sees to it that there is a key in keyFile, readable by its owner alone,
// and a self-made certificate for it in certFile. The key is made once and kept:
// it is what podiums pin. The certificate is made anew when it lacks a name, ends
// within a year or is damaged.
func Make(certFile, keyFile string, names Names, now time.Time) (made bool, err error) {
	key, err := keepKey(keyFile)
	if err != nil {
		return false, err
	}
	if data, err := os.ReadFile(certFile); err == nil && stillGood(data, key.Public(), names, now) {
		return false, nil
	}
	data, err := selfSigned(key, names, now)
	if err != nil {
		return false, fmt.Errorf("cannot make a certificate: %w", err)
	}
	return true, secret.Replace(certFile, data, certMode)
}

// keepKey reads the key, or makes one when there is none.
func keepKey(path string) (crypto.Signer, error) {
	data, err := secret.ReadKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot use the key %s: %w", path, err)
	}
	if block, _ := pem.Decode(data); block != nil {
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if signer, ok := key.(crypto.Signer); ok {
				return signer, nil
			}
		}
	}
	return nil, fmt.Errorf("cannot use the key %s: it is no private key in PEM (PKCS 8); restore it, or move it away to have a new one made, whose fingerprint every podium then has to be given", path)
}

// makeKey makes an ECDSA key on P-256, which every TLS 1.2 client knows.
func makeKey(path string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("cannot make a key: %w", err)
	}
	data, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("cannot make a key: %w", err)
	}
	return key, secret.Write(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: data}))
}

// stillGood tells whether a certificate can go on being used.
func stillGood(data []byte, key crypto.PublicKey, names Names, now time.Time) bool {
	block, _ := pem.Decode(data)
	if block == nil {
		return false
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || now.Before(cert.NotBefore) || now.Add(renewBefore).After(cert.NotAfter) {
		return false
	}
	own, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !own.Equal(key) {
		return false
	}
	return !slices.ContainsFunc(names.Needed, func(name string) bool { return cert.VerifyHostname(name) != nil })
}

// selfSigned makes a certificate of the key for itself. It is no authority: who
// takes it into a browser trusts this server and nothing that its key might sign.
func selfSigned(key crypto.Signer, names Names, now time.Time) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Podium stage"},
		NotBefore: now.Add(-clockSlack).UTC(), NotAfter: now.Add(madeFor).UTC(),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, name := range slices.Concat(names.Needed, names.Welcome) {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	data, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data}), nil
}
