package client

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"podium/internal/plain"
	"podium/stage"
)

// ProtocolError is a JSON-RPC error of the protocol itself, or of a server that
// asks to wait.
type ProtocolError struct {
	Code       int
	Message    string
	RetryAfter time.Duration // when the same call may be accepted; 0: not known
}

// Error gives the code and the server's sentence.
func (e *ProtocolError) Error() string { return fmt.Sprintf("%s (JSON-RPC %d)", e.Message, e.Code) }

type wireError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	// Data is read with patience: what it is for other errors is the server's matter.
	Data json.RawMessage `json:"data"`
}

// mostWaitMs bounds what a server may ask to wait, in ms: a day.
const mostWaitMs = 24 * 60 * 60 * 1000

// retryAfter gives how long the server asks to wait, 0 when it does not say.
func (e *wireError) retryAfter() time.Duration {
	var data struct {
		RetryAfterMs int64 `json:"retryAfterMs"`
	}
	if json.Unmarshal(e.Data, &data) != nil {
		return 0
	}
	return time.Duration(max(0, min(data.RetryAfterMs, mostWaitMs))) * time.Millisecond
}

// asError gives a stage error its type back; JSON-RPC's own codes are negative.
func (e *wireError) asError() error {
	retry, message := e.retryAfter(), plain.Line(e.Message, maxRefusal)
	if e.Code < 0 {
		return &ProtocolError{Code: e.Code, Message: message, RetryAfter: retry}
	}
	code := stage.Code(e.Code)
	detail := strings.TrimPrefix(strings.TrimPrefix(message, code.String()), ": ")
	return &stage.Error{Code: code, Detail: detail, RetryAfter: retry}
}

// maxRefusal bounds what is read of a refused handshake's body, in bytes.
const maxRefusal = 4 << 10

// refused reads the server's sentence out of a refused handshake.
func refused(r *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxRefusal))
	var known struct {
		Error wireError `json:"error"`
	}
	if json.Unmarshal(body, &known) == nil && known.Error.Code != 0 {
		return known.Error.asError()
	}
	text := plain.Line(string(body), maxRefusal)
	if known.Error.Message != "" {
		text = plain.Line(known.Error.Message, maxRefusal)
	}
	if text == "" {
		text = http.StatusText(r.StatusCode)
	}
	return &RefusedError{Status: r.StatusCode, Body: text}
}
