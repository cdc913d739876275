package door

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// fullWait is when to come back to what is full now.
const fullWait = 5 * time.Second

// Seconds writes a time to wait for Retry-After: whole seconds (RFC 9110,
// 10.2.3), rounded up, so that coming then is not too early.
func Seconds(wait time.Duration) string {
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// Refuse answers a request that is not served now, as the stage's API answers:
// {"error": {"message", "data": {"retryAfterMs"}}}, and Retry-After.
func Refuse(w http.ResponseWriter, status int, message string, wait time.Duration) {
	type retry struct {
		AfterMs int64 `json:"retryAfterMs"`
	}
	type refusal struct {
		Message string `json:"message"`
		Data    retry  `json:"data"`
	}
	body, _ := json.Marshal(map[string]refusal{"error": {message, retry{(wait + time.Millisecond - 1).Milliseconds()}}}) // of our own types: cannot fail
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", Seconds(wait))
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
