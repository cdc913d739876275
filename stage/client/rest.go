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

// REST drives a meeting as its host by single calls, without joining it.
type REST struct {
	base  string // up to and with the meeting
	token string
	http  http.Client
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
	return &REST{base: base, token: token}, nil
}

// Requests lists the queue, first come first.
func (r *REST) Requests(ctx context.Context) ([]stage.Request, error) {
	var list []stage.Request
	return list, r.do(ctx, http.MethodGet, "requests", nil, &list)
}

// Participants lists who is in the meeting, by userId.
func (r *REST) Participants(ctx context.Context) ([]stage.Participant, error) {
	var list []stage.Participant
	return list, r.do(ctx, http.MethodGet, "participants", nil, &list)
}

// Decide carries out stage.GrantAccess, stage.DenyAccess or stage.Kick.
func (r *REST) Decide(ctx context.Context, method stage.Method, userIDs []string) ([]stage.TargetResult, error) {
	names := map[stage.Method]string{stage.GrantAccess: "grant", stage.DenyAccess: "deny", stage.Kick: "kick"}
	var results stage.TargetResults
	err := r.do(ctx, http.MethodPost, names[method], stage.Targets{UserIDs: userIDs}, &results)
	return results.Results, err
}

func (r *REST) do(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, r.base+"/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := r.http.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return refused(response)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxMessage)).Decode(out); err != nil {
		return fmt.Errorf("cannot read the stage server's answer: %w", err)
	}
	return nil
}
