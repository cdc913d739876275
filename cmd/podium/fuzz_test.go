package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"podium/stage"
)

// What is read as a setting is one the server takes, and what is shown of it is
// read as the same again.
func FuzzReadSettings(f *testing.F) {
	for _, arg := range []string{"mode=fifo", "speakingTime=5m", "media=audio,video", "stageLimit=1e9", "grantExpiryMs=-1", "=", "priority==", "speakingTime=9223372036854775807ns"} {
		f.Add(arg)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		patch, err := readSettings([]string{arg})
		if err == nil && (patch == (stage.SettingsPatch{}) || patch.Check() != nil) {
			t.Errorf("%q is read as %s", arg, encodeParams(patch))
		}
		if err != nil {
			wantPlain(t, err.Error())
		}
	})
}

// FuzzReadPreset: the preset of a token is one that the server takes.
func FuzzReadPreset(f *testing.F) {
	for _, text := range []string{"host", "viewer", `{"stageAccess":"ALLOWED","listed":false}`, `{"stageAccess":"ALLOWED"}{}`, "", "\xff", `"host"`, "{"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var preset stage.Preset
		if readPreset(text, &preset) != nil {
			if preset != (stage.Preset{}) {
				t.Errorf("%q is refused and read as %+v", text, preset)
			}
			return
		}
		data, err := json.Marshal(preset)
		var back stage.Preset
		if err != nil || readPreset(string(data), &back) != nil || back != preset {
			t.Errorf("%q is read as %+v, and that as %+v", text, preset, back)
		}
	})
}

// shown are the commands that show what a server or a podium says. SERVER, TOKEN
// and SOCKET are replaced.
var shown = [][]string{
	{"host", "requests"}, {"host", "participants"}, {"host", "grant", "ann"}, {"host", "next"}, {"host", "clear"}, {"host", "settings"},
	{"host", "settings", "mode=fifo"}, {"host", "priority", "on"}, {"host", "identify", "ann"}, {"host", "record"},
	{"status"}, {"status", "--trace"}, {"press", "request"},
}

// said is who answers, at the server's address and at the socket.
type said struct {
	code   int
	body   []byte
	server string
	token  string
	socket string
}

func (s *said) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(s.code)
	_, _ = w.Write(s.body)
}

func sayAnything(f *testing.F) *said {
	f.Helper()
	s := &said{}
	web := httptest.NewServer(s)
	f.Cleanup(web.Close)
	dir, err := os.MkdirTemp("", "podium-fuzz-") // a test's own folder has too long a name for a socket
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.server, s.token, s.socket = web.URL, filepath.Join(dir, "token"), filepath.Join(dir, "socket")
	if err := os.WriteFile(s.token, []byte("a.eyJzdWIiOiJ1IiwibWVldGluZyI6Im0ifQ.c"), 0o600); err != nil {
		f.Fatal(err)
	}
	l, err := net.Listen("unix", s.socket)
	if err != nil {
		f.Fatal(err)
	}
	local := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = local.Serve(l) }()
	f.Cleanup(func() { _ = local.Close() })
	return s
}

// FuzzShown has the commands show any answer. Whatever a server or another
// program says, what comes to the terminal is text: it moves no cursor, and each
// line is one of ours.
func FuzzShown(f *testing.F) {
	s := sayAnything(f)
	for i := range shown {
		for code, body := range map[uint16]string{
			200: `[{"userId":"a\u001bb","displayName":"x","preset":"p\n","status":"ON_STAGE","requestedAt":"2026-11-24T12:00:00.000Z","how":"\u202e","letInBy":"\t","endReason":"\u0007"}]`,
			201: `{"results":[{"userId":"a","ok":false,"code":2104,"message":"un\u001b[2Jknown"}],"mode":"\u001b","held":true,"displayName":"\r"}`,
			202: `{"status":"ON_STAGE","reason":"\u001b","message":"\u001b[2J","meeting":"\u0007","userId":"\n","server":"\u009b","faults":[{"part":"\u001b","text":"\n\n"}],"gate":{},"lamps":{"red":"on","green":"off"}}`,
			409: `{"error":{"code":2006,"message":"no\u001b[2J"}}`, 502: "\x1b]0;title\a\xff\n\nx",
		} {
			f.Add(byte(i), min(code, 200)+code/300*(code-200), []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, which byte, code uint16, body []byte) {
		s.code, s.body = 200+int(code)%400, body
		args := append([]string(nil), shown[int(which)%len(shown)]...)
		if args[0] == "host" {
			args = append(args, "--server", s.server, "--token-file", s.token)
		} else {
			args = append(args, "--socket", s.socket)
		}
		var out, problems bytes.Buffer
		execute(t.Context(), args, &out, &problems)
		wantPlain(t, out.String())
		wantPlain(t, problems.String())
		word, params, _ := strings.Cut(string(body), " ")
		wantPlain(t, watched{Event: stage.Event(word), Params: []byte(params)}.sentence())
	})
}

// wantPlain wants text that no terminal takes for anything else.
func wantPlain(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("%q would drive a terminal", text)
		}
	}
}
