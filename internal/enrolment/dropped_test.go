package enrolment

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/stage/enrol"
)

// stageWith is one that knows a code, once.
func stageWith(t *testing.T, code string) string {
	t.Helper()
	key, credential, used := enrol.KeyOf(code), enrolled(t).Credential, false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked enrol.Request
		if json.NewDecoder(r.Body).Decode(&asked) != nil || used || !enrol.Equal(asked.Proof, key.Asks(asked.Nonce, "")) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"error":{"message":"the code is wrong"}}`))
			return
		}
		used = true
		_ = json.NewEncoder(w).Encode(enrol.Answer{Meeting: "hall", UserID: "podium-7", Name: "Seven", Credential: credential, Proof: key.Answers(asked.Nonce, credential)})
	}))
	t.Cleanup(func() { s.Close(); http.DefaultClient.CloseIdleConnections() })
	return s.URL
}

func TestTakeIn(t *testing.T) {
	for _, row := range []struct{ name, file, before, want, problem string }{
		{"code and server", "server: URL\ncode: K7QM-3XWP\n", "", head + "server: URL\nserverFingerprint: \"\"\n", ""},
		{"into what is there", "server: URL\r\ncode: k7qm 3xwp\r\n", "join: press\n", "join: press\nserver: URL\nserverFingerprint: \"\"\n", ""},
		{"with more", "# ours\nserver: URL\ncode: \"K7QM-3XWP\" # of today\npanel: {kind: none}\n", "join: press\n",
			"# ours\nserver: URL\n# a code was here\npanel: {kind: none}\nserverFingerprint: \"\"\n", ""},
		{"a mistake", "server: URL\ncode: K7QM-3XWP\npannel: {}\n", "join: press\n", "join: press\n", "FILE:3: pannel: unknown key"},
		{"half written", "server: URL\ncode: K7QM-3XWP\npanel: {kin", "join: press\n", "join: press\n", "FILE:3"},
		{"no code", "server: URL\n", "join: press\n", "join: press\n", "no line code"},
		{"the only stage around", "code: K7QM-3XWP\n", "", head + "server: URL\nserverFingerprint: \"\"\n", ""},
		{"empty", " \n", "join: press\n", "join: press\n", "is empty"},
		{"huge", strings.Repeat("#", maxDropped+1), "join: press\n", "join: press\n", "64 kB"},
		{"no text", "server: URL\x00\x00", "join: press\n", "join: press\n", "no text"},
		{"a wrong code", "server: URL\ncode: K7QM-3XWQ\n", "join: press\n", "join: press\n", "the code is wrong"},
		{"no code at all", "server: URL\ncode: hello\n", "join: press\n", "join: press\n", "is in no code"},
	} {
		t.Run(row.name, func(t *testing.T) {
			url, folder := stageWith(t, "K7QM-3XWP"), t.TempDir()
			from, path := filepath.Join(folder, "boot.yaml"), filepath.Join(folder, "podium.yaml")
			discover = func(context.Context) ([]string, error) { return []string{"http://127.0.0.1:1", url}, nil }
			fill := strings.NewReplacer("URL", url, "FILE", from)
			write(t, from, fill.Replace(row.file))
			if row.before != "" {
				write(t, path, row.before)
			}
			_, err := TakeIn(t.Context(), from, path)
			if (err == nil) != (row.problem == "") {
				t.Fatalf("%v, want %q", err, row.problem)
			}
			if got, _ := os.ReadFile(path); string(got) != fill.Replace(row.want) {
				t.Errorf("podium.yaml is\n%s\nwant\n%s", got, fill.Replace(row.want))
			}
			left, _ := os.ReadFile(from + problem)
			_, moved := os.Stat(from + taken)
			if row.problem == "" && (moved != nil || left != nil) {
				t.Errorf("it was not moved away: %v, %s", moved, left)
			}
			if row.problem != "" && (moved == nil || !strings.Contains(string(left), fill.Replace(row.problem))) {
				t.Errorf("moved %v; the problem beside it is %q, want %q", moved == nil, left, fill.Replace(row.problem))
			}
			if trial, _ := filepath.Glob(path + ".trial*"); trial != nil {
				t.Errorf("%q is left", trial)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Without a network it is tried again, and nothing is said of the file.
func TestTakeInWithoutANetwork(t *testing.T) {
	folder := t.TempDir()
	from := filepath.Join(folder, "boot.yaml")
	write(t, from, "server: http://127.0.0.1:1\ncode: K7QM-3XWP\n")
	_, err := TakeIn(t.Context(), from, filepath.Join(folder, "podium.yaml"))
	if err == nil || !strings.Contains(err.Error(), ErrUnreachable.Error()) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(from + problem); err == nil {
		t.Error("a problem was written")
	}
	if _, err := os.Stat(from); err != nil {
		t.Error(err)
	}
}

func FuzzReadDropped(f *testing.F) {
	f.Add([]byte("server: http://a\ncode: K7QM-3XWP\npanel: {kind: none}\n"))
	f.Add([]byte("code:\nserver:"))
	f.Fuzz(func(t *testing.T, data []byte) {
		from := filepath.Join(t.TempDir(), "boot.yaml")
		write(t, from, string(data))
		if d, err := readDropped(from); err == nil && d.code == "" {
			t.Errorf("%q gives %+v", data, d)
		}
	})
}

func TestNoStageAround(t *testing.T) {
	discover = func(context.Context) ([]string, error) { return nil, nil }
	_, err := Find(t.Context(), "", "K7QM-3XWP")
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "--server URL") {
		t.Errorf("%v", err)
	}
}
