package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"
)

const (
	sdpType = "application/sdp"
	// largestAnswer bounds an SDP answer in bytes; a usual one has 2 KiB.
	largestAnswer = 256 << 10
	// postLimit is how long one attempt of a POST may take, its answer included.
	postLimit = 5 * time.Second
	// deleteLimit is how long a DELETE may take. Nobody waits for it.
	deleteLimit = 2 * time.Second
	// redirects is how many are followed.
	redirects = 5
)

// whip is a WHIP client (RFC 9725).
type whip struct {
	http  *http.Client
	agent string // User-Agent
}

// whipSession is what a successful POST made.
type whipSession struct {
	answer  string
	place   *url.URL // of the session, for DELETE
	token   string   // empty when the session is on another host than the token is for
	servers []webrtc.ICEServer
}

// newWHIP makes a client that never follows a redirect by itself: net/http turns
// a POST into a GET, or drops what the POST carried.
func newWHIP(given *http.Client, agent string) *whip {
	own := http.Client{}
	if given != nil {
		own = *given
	} else {
		// A connection kept alive on an address that the device has lost would hang
		// until it times out.
		own.Transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		}
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &whip{http: &own, agent: agent}
}

// post offers. Every failure but one of the network is a *refusal. A session that
// comes with an error has to be deleted all the same.
func (w *whip) post(ctx context.Context, endpoint, token, offer string) (*whipSession, error) {
	ctx, cancel := context.WithTimeout(ctx, postLimit)
	defer cancel()
	at, err := url.Parse(endpoint)
	if err != nil || !isWeb(at) {
		return nil, &refusal{what: fmt.Sprintf("cannot publish to %q: it is no http or https URL", endpoint)}
	}
	first := at
	for range redirects + 1 {
		if !sameHost(first, at) {
			token = ""
		}
		session, next, err := w.postOnce(ctx, at, token, offer)
		if err != nil || session != nil {
			return session, err
		}
		at = next
	}
	return nil, &refusal{what: fmt.Sprintf("cannot publish to %s: more than %d redirects", first.Redacted(), redirects)}
}

// postOnce gives the session, or where to go instead.
func (w *whip) postOnce(ctx context.Context, at *url.URL, token, offer string) (*whipSession, *url.URL, error) {
	resp, err := w.do(ctx, http.MethodPost, at, token, offer)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusCreated:
		session, err := created(resp, at, token)
		return session, nil, err
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		next, err := location(resp, at)
		return nil, next, err
	}
	return nil, nil, refused(resp, at)
}

func (w *whip) do(ctx context.Context, method string, at *url.URL, token, body string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, at.String(), strings.NewReader(body))
	if err != nil {
		return nil, &refusal{what: fmt.Sprintf("cannot publish to %s: %v", at.Redacted(), err)}
	}
	req.Header.Set("User-Agent", w.agent)
	if body != "" {
		req.Header.Set("Content-Type", sdpType)
		req.Header.Set("Accept", sdpType)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return w.http.Do(req)
}

// created reads a 201 (RFC 9725, section 4.2).
func created(resp *http.Response, at *url.URL, token string) (*whipSession, error) {
	place, err := location(resp, at)
	if err != nil {
		return nil, err
	}
	s := &whipSession{place: place, servers: iceServers(resp.Header.Values("Link"))}
	if sameHost(at, place) {
		s.token = token
	}
	what := "cannot publish to " + at.Redacted()
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || kind != sdpType {
		return s, &refusal{what: fmt.Sprintf("%s: its answer is %q, not %s", what, resp.Header.Get("Content-Type"), sdpType)}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer+1))
	if err != nil {
		return s, fmt.Errorf("%s: cannot read its answer: %w", what, err)
	}
	if len(body) > largestAnswer {
		return s, &refusal{what: fmt.Sprintf("%s: its answer is larger than %d bytes", what, largestAnswer)}
	}
	s.answer = string(body)
	return s, nil
}

// location is where a response points, relative to where it came from.
func location(resp *http.Response, at *url.URL) (*url.URL, error) {
	what := fmt.Sprintf("cannot publish to %s: it answered %d", at.Redacted(), resp.StatusCode)
	text := resp.Header.Get("Location")
	if text == "" {
		return nil, &refusal{what: what + " without a Location", status: resp.StatusCode}
	}
	place, err := at.Parse(text)
	if err != nil || !isWeb(place) {
		return nil, &refusal{what: what + " with a Location that is no http or https URL", status: resp.StatusCode}
	}
	return place, nil
}

// delete ends a session. One that is gone already is no error.
func (w *whip) delete(ctx context.Context, s *whipSession) error {
	ctx, cancel := context.WithTimeout(ctx, deleteLimit)
	defer cancel()
	resp, err := w.do(ctx, http.MethodDelete, s.place, s.token, "")
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode/100 == 2 || resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone {
		return nil
	}
	return errors.New(resp.Status)
}

func isWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// sameHost tells whether a secret for a may be shown to b.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Host, b.Host) && (a.Scheme == b.Scheme || b.Scheme == "https")
}
