package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"podium/appliance"
	"podium/internal/plain"
)

// ErrNobody tells that nobody answers at the socket.
var ErrNobody = errors.New("no podium answers there; is the service running?")

const (
	maxAnswer   = 4 << 20 // bytes; a trace has some 10 KiB
	maxSentence = 4 << 10 // bytes of a refusal that are shown
)

// Client talks to a podium on this device.
type Client struct {
	socket string
	http   *http.Client
}

// Dial makes a client; it connects when it is used.
func Dial(socket string) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &Client{socket: socket, http: &http.Client{
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true},
		Timeout:   5 * time.Second,
	}}
}

// Press presses a button.
func (c *Client) Press(ctx context.Context, p Press) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, http.MethodPost, PressPath, body)
	return err
}

// Status asks for the status.
func (c *Client) Status(ctx context.Context) (appliance.Status, error) {
	var s appliance.Status
	if err := c.get(ctx, StatusPath, &s); err != nil {
		return appliance.Status{}, err
	}
	if s.Status == "" {
		return appliance.Status{}, fmt.Errorf("cannot read the podium's answer at socket %s: it tells no status; is it another program's?", c.socket)
	}
	return s, nil
}

// Trace asks for the last steps, oldest first.
func (c *Client) Trace(ctx context.Context) ([]appliance.TraceStep, error) {
	var steps []appliance.TraceStep
	return steps, c.get(ctx, TracePath, &steps)
}

func (c *Client) get(ctx context.Context, path string, into any) error {
	body, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		// The error quotes what it could not read.
		return fmt.Errorf("cannot read the podium's answer at socket %s: %s", c.socket, plain.Line(err.Error(), maxSentence))
	}
	return nil
}

func (c *Client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://podium"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("cannot reach socket %s: %w (%w)", c.socket, ErrNobody, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read from socket %s: %w", c.socket, err)
	}
	if len(answer) > maxAnswer {
		return nil, fmt.Errorf("cannot read the podium's answer at socket %s: it is larger than %d bytes", c.socket, maxAnswer)
	}
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("the podium refused: %s", plain.Line(string(answer), maxSentence))
	}
	return answer, nil
}
