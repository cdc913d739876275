package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Each row is a podium.yaml and the line, key and words of its first error.
func TestPodiumRefuses(t *testing.T) {
	for _, row := range []struct {
		yaml string
		line int
		key  string
		says string
	}{
		{"camera:\n  widht: 3", 2, "camera.widht", "unknown key; known here are device, width, height, frameRate, bitRate"},
		{"kamera: 3", 1, "kamera", "unknown key; known here are server, serverFingerprint, tokenFile"},
		{"\n\ncamera:\n  width: wide", 4, "camera.width", `wants a whole number, not the text "wide"`},
		{"camera:\n  width: 12", 2, "camera.width", "12 is impossible; give 160 to 1920"},
		{"camera:\n  width: 641", 2, "camera.width", "odd"},
		{"camera: {width: 640, height: 361}", 1, "camera.height", "odd"},
		{"camera: {width: 640.5}", 1, "camera.width", "not the number 640.5"},
		{"camera: {width: 0x280}", 1, "camera.width", "not a whole number"},
		{"camera:", 1, "camera", "wants keys under it: device, width"},
		{"camera: auto", 1, "camera", "wants keys under it"},
		{"camera: {device: video0}", 1, "camera.device", "neither auto, none, test nor a path"},
		{"server:", 1, "server", "not nothing (leave the key out for its default)"},
		{"server: stage.example.org", 1, "server", "is not a web address"},
		{"server: ftp://stage", 1, "server", "is not a web address"},
		{"server: http://h:99999", 1, "server", "is not a port"},
		{"server: http://user:secret@h", 1, "server", "leave out"},
		{"server: [a]", 1, "server", "wants text, not this list"},
		{"server: {a: b}", 1, "server", "not keys"},
		{"server: true", 1, "server", "not true"},
		{"serverFingerprint: abc", 1, "serverFingerprint", "is no fingerprint"},
		{"serverFingerprint: 'SHA256:jLJf6oVBxTzBLfGbwpHQfmXxBHgE4bFzrH5zcLxCaYI='", 1, "serverFingerprint", "as podium fingerprint prints them"},
		{"server: http://hall\nserverFingerprint: " + strings.Repeat("ab", 32), 2, "serverFingerprint", "give server as https://"},
		{"join: maybe", 1, "join", `"maybe" is not known; give one of auto, press`},
		{"log: loud", 1, "log", "give one of debug, info, warn, error"},
		{"socket: podium.sock", 1, "socket", "does not start with /"},
		{"socket: /" + strings.Repeat("s", 107), 1, "socket", "108 bytes long"},
		{"tokenFile: ''", 1, "tokenFile", "is empty"},
		{"tokenFile: nowhere", 1, "tokenFile", "podium token --meeting"},
		{"panel: {red: {activeLow: yes}}", 1, "panel.red.activeLow", "wants true or false"},
		{"panel: {red: {line: 22}}", 1, "panel.red.line", "wants text, not the number 22"},
		{"panel:\n  red: {line: GPIO17}", 2, "panel.red.line", "already panel.request.line"},
		{"panel: {green: {line: none}}", 0, "panel", "a lamp is none"},
		{"panel: {request: {line: none}}", 1, "panel.request.line", "nobody could ask"},
		{"panel: {request: {pull: left}}", 1, "panel.request.pull", "give one of auto, up, down, none"},
		{"panel: {chips: pinctrl}", 1, "panel.chips", "wants a list of texts"},
		{"panel: {chips: [1]}", 1, "panel.chips", "wants a list of texts"},
		{"panel: {chips: []}", 1, "panel.chips", "is empty"},
		{"camera: {device: none}\nmicrophone: {device: none}", 1, "camera.device", "could send nothing"},
		{"join: auto\njoin: press", 2, "", "already defined"},
		{"a: [", 1, "", "is not YAML"},
		{"join: auto\n---\nlog: info", 3, "", "a second document begins here"},
		{"- a", 1, "", "wants keys under it"},
		{"join: &x auto", 1, "join", "wants text, not a Anchor"},
		{"<<: {join: auto}", 1, "", "not a key that can stand here"},
		{"? [a]\n: b", 2, "", "is not YAML"},
		{"server: \"http://a\\tb\"", 1, "server", "cannot be seen"},
		{"17: b", 1, "", "not a key that can stand here"},
	} {
		t.Run(row.yaml, func(t *testing.T) {
			path := write(t, folder(t), "podium.yaml", row.yaml)
			_, err := LoadPodium(path)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.File != path || e.Line != row.line || e.Key != row.key || !strings.Contains(e.Reason, row.says) {
				t.Errorf("got line %d key %q: %s", e.Line, e.Key, e.Reason)
			}
		})
	}
}

func TestStageRefuses(t *testing.T) {
	for _, row := range []struct{ yaml, key, says string }{
		{"listen: '8080'", "listen", "is not an address to listen at"},
		{"listen: host:http", "listen", "is not a port"},
		{"mediaListen: hall:8189", "mediaListen", "is not an IP address"},
		{"announce: [hall.example.org]", "announce", "is not an IP address"},
		{"lease: 5", "lease", "wants a time with its unit, such as 5s, not the number 5"},
		{"lease: 5 seconds", "lease", "is not a time"},
		{"lease: 500ms", "lease", "500ms is impossible; give 1s to 1m"},
		{"publicURL: hall", "publicURL", "is not a web address"},
		{"origins: ['*']", "origins", "is not a web address"},
		{"origins: ['https://hall.example.org/a']", "origins", "has a path"},
		{"tls: {certFile: a.pem}", "tls.certFile", "give both or neither"},
		{"tls: {keyFile: a.pem}", "tls.keyFile", "give both or neither"},
		{"tls: {certFile: a.pem, keyFile: b.pem}", "tls.keyFile", "b.pem: no such file"},
		{"tls: {certFile: a.pem, keyFile: stage.key}", "tls.certFile", "cannot use the certificate"},
		{"tls: {selfSigned: true, certFile: a.pem}", "tls.selfSigned", "give either"},
		{"tls: {selfSigned: auto}", "tls.selfSigned", "wants true or false"},
		{"keyFile: other.key", "keyFile", "there is no such file; make one with: (umask 077; head -c 32 /dev/urandom | base64 > "},
		{"server: http://hall", "server", "unknown key"},
	} {
		t.Run(row.yaml, func(t *testing.T) {
			_, err := LoadStage(write(t, folder(t), "stage.yaml", row.yaml))
			var e *Error
			if !errors.As(err, &e) || e.Key != row.key || e.Line != 1 || !strings.Contains(e.Reason, row.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// All that is wrong is said at once, in the file's order.
func TestAllFaultsAreNamed(t *testing.T) {
	path := write(t, folder(t), "podium.yaml", "join: no-such\ncamera:\n  width: 1\nlogg: info\n")
	_, err := LoadPodium(path)
	want := fmt.Sprintf(`%[1]s:1: join: "no-such" is not known; give one of auto, press
%[1]s:3: camera.width: 1 is impossible; give 160 to 1920
%[1]s:4: logg: unknown key; known here are server, serverFingerprint, tokenFile, socket, join, log, metricsListen, mqtt, panel, camera, microphone`, path)
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestErrorNamesItsPlace(t *testing.T) {
	for want, e := range map[string]Error{
		"f.yaml:3: a.b: bad":           {File: "f.yaml", Line: 3, Key: "a.b", Reason: "bad"},
		"f.yaml: a.b: bad":             {File: "f.yaml", Key: "a.b", Reason: "bad"},
		"f.yaml: bad":                  {File: "f.yaml", Reason: "bad"},
		"environment PODIUM_A: a: bad": {Env: "PODIUM_A", Key: "a", Reason: "bad"},
		"a: bad":                       {Key: "a", Reason: "bad"},
	} {
		if e.Error() != want {
			t.Errorf("got %s, want %s", e.Error(), want)
		}
	}
}
