package client

import (
	"testing"
	"time"

	"podium/stage"
)

// TestARefusalSaysWhenToComeBack reads an error's data, and lives with any.
func TestARefusalSaysWhenToComeBack(t *testing.T) {
	for _, row := range []struct {
		data string
		want time.Duration
	}{
		{`{"retryAfterMs":2500}`, 2500 * time.Millisecond},
		{`{"retryAfterMs":-1}`, 0},
		{`{"retryAfterMs":9223372036854775807}`, 24 * time.Hour},
		{`{"retryAfterMs":"soon"}`, 0}, {`"soon"`, 0}, {`[]`, 0}, {`null`, 0}, {`{}`, 0},
	} {
		m, err := parseMessage([]byte(`{"id":1,"error":{"code":2103,"message":"too soon after a rejection: wait","data":` + row.data + `}}`))
		if err != nil {
			t.Fatalf("%s: %v", row.data, err)
		}
		refused, ok := m.Error.asError().(*stage.Error)
		if !ok || refused.Code != stage.CodeTooSoon || refused.Detail != "wait" || refused.RetryAfter != row.want {
			t.Errorf("%s is read as %+v, want to wait %s", row.data, refused, row.want)
		}
	}
}
