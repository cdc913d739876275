package enrolment

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"podium/internal/fingerprint"
	"podium/stage/enrol"
)

// answering is a server that answers every request for a credential.
func answering(t *testing.T, start func(http.Handler) *httptest.Server, answer func(asked enrol.Request) enrol.Answer) *httptest.Server {
	t.Helper()
	s := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked enrol.Request
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(answer(asked))
	}))
	t.Cleanup(func() { s.Close(); http.DefaultClient.CloseIdleConnections() })
	return s
}

// Whoever answers without the code is not believed, whatever the answer; nothing is kept.
func TestImpostor(t *testing.T) {
	const code = "K7QM-3XWP"
	credential := enrolled(t).Credential
	for name, proof := range map[string]func(enrol.Request) []byte{
		"no proof":               func(enrol.Request) []byte { return nil },
		"the podium's own proof": func(asked enrol.Request) []byte { return asked.Proof },
		"another code's":         func(asked enrol.Request) []byte { return enrol.KeyOf("K7QM-3XWQ").Answers(asked.Nonce, credential) },
		"of another nonce":       func(enrol.Request) []byte { return enrol.KeyOf(code).Answers(enrol.NewNonce(), credential) },
		"of another credential":  func(asked enrol.Request) []byte { return enrol.KeyOf(code).Answers(asked.Nonce, "other") },
	} {
		s := answering(t, httptest.NewServer, func(asked enrol.Request) enrol.Answer {
			return enrol.Answer{Meeting: "hall", UserID: "podium-7", Credential: credential, Proof: proof(asked)}
		})
		if _, err := Ask(t.Context(), s.URL, code); !errors.Is(err, ErrImpostor) {
			t.Errorf("%s: %v", name, err)
		}
		folder := t.TempDir()
		from, path := filepath.Join(folder, "boot.yaml"), filepath.Join(folder, "podium.yaml")
		write(t, from, "server: "+s.URL+"\ncode: "+code+"\n")
		if _, err := TakeIn(t.Context(), from, path); !errors.Is(err, ErrImpostor) {
			t.Errorf("%s, from a file: %v", name, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a configuration was written", name)
		}
	}
}

// A certificate that no authority vouches for is pinned, and the proof covers its key.
func TestThePinIsOfTheKeyThatIsSeen(t *testing.T) {
	const code = "K7QM-3XWP"
	key, credential := enrol.KeyOf(code), enrolled(t).Credential
	var seen fingerprint.Key
	covered := false
	s := answering(t, httptest.NewTLSServer, func(asked enrol.Request) enrol.Answer {
		covered = enrol.Equal(asked.Proof, key.Asks(asked.Nonce, seen.String()))
		return enrol.Answer{Meeting: "hall", UserID: "podium-7", Credential: credential, Proof: key.Answers(asked.Nonce, credential)}
	})
	seen = fingerprint.Of(s.Certificate())
	e, err := Ask(t.Context(), s.URL, code)
	if err != nil || e.Fingerprint != seen || !covered {
		t.Errorf("pinned %s, want %s; covered %v; %v", e.Fingerprint, seen, covered, err)
	}
}
