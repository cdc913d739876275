package publish

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"podium/internal/plain"
)

// refusal is an answer that makes no session.
type refusal struct {
	what       string // the whole sentence
	status     int    // HTTP, 0 when another thing is wrong with the answer
	retry      bool   // a fresh token might help
	retryAfter time.Duration
}

func (r *refusal) Error() string { return r.what }

// refused reads an answer that is no success. What a status means is read from
// its class: servers differ in the exact value (RFC 9725, section 4.2).
func refused(resp *http.Response, at *url.URL) *refusal {
	r := &refusal{status: resp.StatusCode}
	reason := "it refuses the offer"
	switch code := resp.StatusCode; {
	case code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests:
		reason, r.retry = "it is busy", true
		r.retryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	case code/100 == 5:
		reason, r.retry = "it failed", true
	case code == http.StatusUnauthorized:
		reason, r.retry = "it does not accept the publish token", true
	case code == http.StatusForbidden:
		reason = "publishing is not allowed now"
	case code == http.StatusNotFound || code == http.StatusMethodNotAllowed || code/100 == 2:
		reason = "there is no WHIP endpoint"
	case code == http.StatusRequestTimeout:
		reason, r.retry = "it did not get the offer in time", true
	case code/100 == 3:
		reason = "it redirects with a status that loses the offer"
	}
	r.what = fmt.Sprintf("cannot publish to %s: %s (%d)", at.Redacted(), reason, resp.StatusCode)
	if said := sentence(resp); said != "" {
		r.what += ": " + said
	}
	return r
}

// sentence is the server's own explanation, if it is one line of plain text.
func sentence(resp *http.Response) string {
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
		return ""
	}
	// What cannot be read explains nothing, and the status stands without it.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 300))
	first, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	return plain.Line(first, len(first))
}

// mostWait bounds what a server may ask to wait. One that is away for longer is
// asked once a day.
const mostWait = 24 * time.Hour

// retryAfter reads the header (RFC 9110, section 10.2.3); 0 when it says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 20); err == nil {
		return min(time.Duration(seconds)*time.Second, mostWait)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), mostWait)
	}
	return 0
}

// lost is what the owner is told of err. A failure of the network may be over
// the next time.
func lost(err error) Lost {
	var r *refusal
	if errors.As(err, &r) {
		return Lost{Err: err, Status: r.status, Retry: r.retry, RetryAfter: r.retryAfter}
	}
	return Lost{Err: err, Retry: true}
}
