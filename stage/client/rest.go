package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"podium/stage"
)

// ErrUnreachable tells that nobody answers at the server's address.
var ErrUnreachable = errors.New("cannot reach the stage server")

// maxAnswer bounds an answer, in bytes: the record of years.
const maxAnswer = 256 << 20

// REST drives a meeting as its host by single calls, without joining it. Each
// call may fail with ErrUnreachable, a *stage.Error when the stage refuses it, a
// *ProtocolError when it is wrong or comes too often, or a *RefusedError when
// the token is not taken.
type REST struct {
	base  string // up to and with the meeting
	token string
	http  *http.Client
}

// NewREST makes a caller for the meeting that the token names.
func NewREST(server, token string) (*REST, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("cannot use %q as the stage server: give a URL like http://stage.example:8080", server)
	}
	claims, err := Describe(token)
	if err != nil {
		return nil, err
	}
	base := strings.TrimRight(server, "/") + "/v1/meetings/" + url.PathEscape(claims.Meeting)
	return &REST{base: base, token: token, http: &http.Client{}}, nil
}

// Use makes the calls by another HTTP client, one that judges the server in its
// own way. Nil leaves the one that is in use.
func (r *REST) Use(other *http.Client) {
	if other != nil {
		r.http = other
	}
}

// Requests lists the queue, first come first.
func (r *REST) Requests(ctx context.Context) ([]stage.Request, error) {
	var list []stage.Request
	return list, r.get(ctx, "requests", &list)
}

// Participants lists who is in the meeting, by userId.
func (r *REST) Participants(ctx context.Context) ([]stage.Participant, error) {
	var list []stage.Participant
	return list, r.get(ctx, "participants", &list)
}

// decisions are the REST names of the methods that name their targets.
var decisions = map[stage.Method]string{stage.GrantAccess: "grant", stage.DenyAccess: "deny", stage.Kick: "kick"}

// Decide carries out stage.GrantAccess, stage.DenyAccess or stage.Kick. What
// came of it for each user stands in the results.
func (r *REST) Decide(ctx context.Context, method stage.Method, t stage.Targets) ([]stage.TargetResult, error) {
	name, ok := decisions[method]
	if !ok {
		return nil, fmt.Errorf("cannot carry %s out on users: use %s, %s or %s", method, stage.GrantAccess, stage.DenyAccess, stage.Kick)
	}
	return r.targets(ctx, name, t)
}

// GrantTerms are what one grant says in place of the meeting's settings.
type GrantTerms struct {
	Media          []stage.Media `json:"media,omitempty"`          // nil: as the settings say
	SpeakingTimeMs *int64        `json:"speakingTimeMs,omitempty"` // nil: as the settings say; 0: without end
}

// GrantNext lets the first of the queue on stage. No result means that nobody waits.
func (r *REST) GrantNext(ctx context.Context, terms GrantTerms) ([]stage.TargetResult, error) {
	return r.targets(ctx, "next", terms)
}

// ClearRequests turns everybody who waits down.
func (r *REST) ClearRequests(ctx context.Context) ([]stage.TargetResult, error) {
	return r.targets(ctx, "clear", struct{}{})
}

// Identify makes podiums' lamps show which they are.
func (r *REST) Identify(ctx context.Context, p stage.IdentifyParams) ([]stage.TargetResult, error) {
	return r.targets(ctx, "identify", p)
}

func (r *REST) targets(ctx context.Context, name string, params any) ([]stage.TargetResult, error) {
	var results stage.TargetResults
	err := r.send(ctx, http.MethodPost, name, params, &results)
	return results.Results, err
}

// SetPriority takes a chair's priority, or ends it whoever holds it.
func (r *REST) SetPriority(ctx context.Context, held bool) (stage.Priority, error) {
	var priority stage.Priority
	return priority, r.send(ctx, http.MethodPost, "priority", stage.PriorityParams{Held: held}, &priority)
}

// Settings gives what holds for the whole meeting.
func (r *REST) Settings(ctx context.Context) (stage.Settings, error) {
	var settings stage.Settings
	return settings, r.get(ctx, "settings", &settings)
}

// UpdateSettings changes some settings and gives what then holds.
func (r *REST) UpdateSettings(ctx context.Context, patch stage.SettingsPatch) (stage.Settings, error) {
	var settings stage.Settings
	return settings, r.send(ctx, http.MethodPatch, "settings", patch, &settings)
}

// Record lists the turns on stage in the order of their beginning, those that
// run included.
func (r *REST) Record(ctx context.Context) ([]stage.Entry, error) {
	var entries []stage.Entry
	return entries, r.get(ctx, "record", &entries)
}

// RecordCSV writes the record to w as CSV (RFC 4180), with a header.
func (r *REST) RecordCSV(ctx context.Context, w io.Writer) error {
	body, err := r.do(ctx, http.MethodGet, "record?format=csv", nil, http.StatusOK)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if _, err := io.Copy(w, body); err != nil {
		return fmt.Errorf("cannot copy the record: %w", err)
	}
	return nil
}

func (r *REST) get(ctx context.Context, path string, out any) error {
	return r.decode(ctx, http.MethodGet, path, nil, out)
}

func (r *REST) send(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return r.decode(ctx, method, path, body, out)
}

func (r *REST) decode(ctx context.Context, method, path string, body []byte, out any) error {
	answer, err := r.do(ctx, method, path, body, http.StatusOK)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Close() }()
	if err := json.NewDecoder(io.LimitReader(answer, maxAnswer)).Decode(out); err != nil {
		return fmt.Errorf("cannot read the stage server's answer: %w", err)
	}
	return nil
}

// do gives the body of a call that is answered as it wants.
func (r *REST) do(ctx context.Context, method, path string, body []byte, want int) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.base+"/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := r.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if response.StatusCode != want {
		defer func() { _ = response.Body.Close() }()
		return nil, refused(response)
	}
	return response.Body, nil
}
