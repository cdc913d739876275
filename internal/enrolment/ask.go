package enrolment

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"podium/internal/discovery"
	"podium/internal/fingerprint"
	"podium/internal/trust"
	"podium/stage/enrol"
)

// Enrolled is what a podium has afterwards.
type Enrolled struct {
	Server      string          `json:"server"`
	Fingerprint fingerprint.Key `json:"serverFingerprint,omitzero"` // zero: the system's authorities judge the server, or it has no TLS
	Meeting     string          `json:"meeting"`
	UserID      string          `json:"userId"`
	Name        string          `json:"displayName"`
	Credential  string          `json:"-"`
}

// ErrRefused tells that the stage does not take the code.
var ErrRefused = errors.New("the stage refuses")

// ErrUnreachable tells that nobody answers.
var ErrUnreachable = errors.New("cannot reach the stage")

// ErrImpostor tells that whoever answers does not know the code.
var ErrImpostor = errors.New("whoever answers does not know the code: it is not the stage that made it, and nothing was kept of what it says; is the address right?")

const (
	// patience is for one answer.
	patience = 15 * time.Second
	// maxAnswer bounds it, in bytes.
	maxAnswer = 64 << 10
)

// ErrNotFound tells that no stage answers on the local network.
var ErrNotFound = fmt.Errorf("%w: none was found on this network; give its address (--server URL, or a line server: URL)", ErrUnreachable)

// Find asks as Ask does, the stage at server; or, where none is given, each that answers on
// the local network, until one knows the code.
func Find(ctx context.Context, server, code string) (Enrolled, error) {
	if server != "" {
		return Ask(ctx, server, code)
	}
	found, err := discover(ctx)
	if err != nil || len(found) == 0 {
		return Enrolled{}, errors.Join(ErrNotFound, err)
	}
	var all []error
	for _, one := range found {
		e, err := Ask(ctx, one, code)
		if err == nil {
			return e, nil
		}
		all = append(all, fmt.Errorf("%s: %w", one, err))
	}
	return Enrolled{}, errors.Join(all...)
}

// discover looks around; tests have their own.
var discover = func(ctx context.Context) ([]string, error) { return discovery.Find(ctx, nil) }

// Ask gets a credential for a code from the stage at server.
func Ask(ctx context.Context, server, code string) (Enrolled, error) {
	code, err := enrol.ParseCode(code)
	if err != nil {
		return Enrolled{}, fmt.Errorf("cannot use the code: %w", err)
	}
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return Enrolled{}, fmt.Errorf("cannot use %q as the stage's address: give a URL like https://stage.example:8080", server)
	}
	server = strings.TrimRight(server, "/")
	seen, err := look(ctx, u, server)
	if err != nil {
		return Enrolled{}, err
	}
	pin, err := trust.NewPin(server, seen)
	if err != nil {
		return Enrolled{}, err
	}
	key, nonce, shown := enrol.KeyOf(code), enrol.NewNonce(), ""
	if !seen.IsZero() {
		shown = seen.String()
	}
	answer, err := post(ctx, pin.Client(), server, enrol.Request{Nonce: nonce, Proof: key.Asks(nonce, shown)})
	if err != nil {
		return Enrolled{}, err
	}
	if !enrol.Equal(answer.Proof, key.Answers(nonce, answer.Credential)) {
		return Enrolled{}, ErrImpostor
	}
	return Enrolled{server, seen, answer.Meeting, answer.UserID, answer.Name, answer.Credential}, nil
}

// look gives the key that is to be pinned: none over plain HTTP, and none where an
// authority of the system vouches for the certificate, which may then change its key.
func look(ctx context.Context, u *url.URL, server string) (fingerprint.Key, error) {
	if u.Scheme == "http" {
		return fingerprint.Key{}, nil
	}
	cert, err := trust.Seen(ctx, server)
	if err != nil {
		return fingerprint.Key{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	conn, err := (&tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", hostPort(u))
	var unknown *tls.CertificateVerificationError
	switch {
	case err == nil:
		return fingerprint.Key{}, conn.Close()
	case errors.As(err, &unknown), errors.As(err, &x509.UnknownAuthorityError{}), errors.As(err, &x509.HostnameError{}):
		return fingerprint.Of(cert), nil
	default:
		return fingerprint.Key{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
}

func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return u.Hostname() + ":443"
}

// post sends a request and reads the answer.
func post(ctx context.Context, c *http.Client, server string, asked enrol.Request) (answer enrol.Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body, err := json.Marshal(asked)
	if err != nil {
		return answer, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server+enrol.Path, bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c == nil {
		c = http.DefaultClient
	}
	response, err := c.Do(r)
	if err != nil {
		return answer, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if response.StatusCode != http.StatusOK {
		return answer, refusal(response, text)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return answer, fmt.Errorf("%s answers what no stage does; is the address right? %w", server, err)
	}
	return answer, nil
}

// refusal says why there is no credential.
func refusal(response *http.Response, text []byte) error {
	var told struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(text, &told) != nil || told.Error.Message == "" {
		return fmt.Errorf("%w (HTTP %d): is this a stage that can enrol podiums?", ErrRefused, response.StatusCode)
	}
	if wait := response.Header.Get("Retry-After"); wait != "" {
		return fmt.Errorf("%w: %s; try again in %s s", ErrRefused, told.Error.Message, wait)
	}
	return fmt.Errorf("%w: %s", ErrRefused, told.Error.Message)
}
