package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server/openapi"
)

// Every code has its status, and both documents say which.
func TestStatusesAreDocumented(t *testing.T) {
	var doc struct{ Info struct{ Description string } }
	if err := json.Unmarshal(openapi.Document, &doc); err != nil {
		t.Fatal(err)
	}
	forHosts, err := os.ReadFile("../../docs/host.md")
	if err != nil {
		t.Fatal(err)
	}
	for code, status := range statuses {
		row := tableRow(doc.Info.Description, fmt.Sprintf("| %d |", code))
		if !strings.HasSuffix(row, fmt.Sprintf("| %d |", status)) {
			t.Errorf("openapi.json says of %d: %q, want HTTP %d", code, row, status)
		}
		if tableRow(string(forHosts), fmt.Sprintf("| %d |", status)) == "" && status != http.StatusNotImplemented {
			t.Errorf("docs/host.md does not explain HTTP %d", status)
		}
	}
	for code := stage.CodeInternal; code <= stage.CodeGrantExpired; code++ {
		if known := !strings.HasPrefix(code.String(), "stage error"); known != (statuses[int(code)] != 0) {
			t.Errorf("code %d has the HTTP status %d", code, statuses[int(code)])
		}
	}
}

// tableRow gives the line that begins so.
func tableRow(text, start string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, start) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// What passes by itself says when, in both forms, never too early.
func TestRefusalWithATime(t *testing.T) {
	for _, c := range []struct {
		wait    time.Duration
		header  string
		inTheMs int64
	}{
		{0, "", 0}, {time.Nanosecond, "1", 1}, {999 * time.Millisecond, "1", 999}, {time.Second, "1", 1000}, {time.Second + 1, "2", 1001}, {24 * time.Hour, "86400", 86_400_000},
	} {
		w := httptest.NewRecorder()
		writeRefusal(w, stageError(&stage.Error{Code: stage.CodeTooSoon, RetryAfter: c.wait}))
		var body struct {
			Error struct {
				Code int
				Data *struct{ RetryAfterMs int64 }
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != 429 || body.Error.Code != 2103 {
			t.Fatalf("answered %d %s", w.Code, w.Body)
		}
		if w.Header().Get("Retry-After") != c.header || (c.inTheMs > 0) != (body.Error.Data != nil) || c.inTheMs > 0 && body.Error.Data.RetryAfterMs != c.inTheMs {
			t.Errorf("to wait %v is said as %q, %s", c.wait, w.Header().Get("Retry-After"), w.Body)
		}
	}
}
