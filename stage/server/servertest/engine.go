package servertest

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"podium/stage"
)

// TokenLife is how long the tokens of Engine are good for.
const TokenLife = 30 * time.Second

// Engine admits everybody and records it. The zero value is ready to use.
type Engine struct {
	mu      sync.Mutex
	calls   []string
	turns   []stage.Turn
	refusal error
	onEvict func(meeting, userID string)
}

// Admit gives the token "token-N" for turn number N, or what Refuse has set.
func (e *Engine) Admit(t stage.Turn) (stage.Admission, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refusal != nil {
		return stage.Admission{}, e.refusal
	}
	e.calls = append(e.calls, fmt.Sprintf("admit %s/%s", t.Meeting, t.UserID))
	e.turns = append(e.turns, t)
	return stage.Admission{Token: fmt.Sprintf("token-%d", t.Number), ExpiresAt: time.Now().Add(TokenLife)}, nil
}

// Evict records the call and runs OnEvict's function.
func (e *Engine) Evict(meeting, userID string) {
	e.mu.Lock()
	e.calls = append(e.calls, fmt.Sprintf("evict %s/%s", meeting, userID))
	hook := e.onEvict
	e.mu.Unlock()
	if hook != nil {
		hook(meeting, userID)
	}
}

// Refuse makes every later Admit fail with err; nil ends that.
func (e *Engine) Refuse(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.refusal = err
}

// OnEvict has f called within every later Evict, on its caller's goroutine.
func (e *Engine) OnEvict(f func(meeting, userID string)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.onEvict = f
}

// Calls lists what came, in order: "admit MEETING/USER" and "evict MEETING/USER".
func (e *Engine) Calls() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.calls...)
}

// Turns lists the turns admitted, in order.
func (e *Engine) Turns() []stage.Turn {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]stage.Turn(nil), e.turns...)
}

// WHIP answers every request 201 with the body "whip".
func (e *Engine) WHIP() http.Handler { return says("whip") }

// WHEP answers every request 201 with the body "whep".
func (e *Engine) WHEP() http.Handler { return says("whep") }

func says(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(text))
	})
}
