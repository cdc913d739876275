package config

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// write puts text into a new file and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// folder makes a folder with a token and a key, as the defaults expect them.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "podium.token", "head.body.sign\n")
	write(t, dir, "stage.key", strings.Repeat("k", MinKey)+"\n")
	return dir
}

func TestPrintedPodiumIsTheDefault(t *testing.T) {
	var out bytes.Buffer
	if err := PrintPodium(&out); err != nil {
		t.Fatal(err)
	}
	dir := folder(t)
	got, err := LoadPodium(write(t, dir, "podium.yaml", out.String()))
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultPodium()
	want.TokenFile = filepath.Join(dir, "podium.token")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestPrintedStageIsTheDefault(t *testing.T) {
	var out bytes.Buffer
	if err := PrintStage(&out); err != nil {
		t.Fatal(err)
	}
	dir := folder(t)
	got, err := LoadStage(write(t, dir, "stage.yaml", out.String()))
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultStage()
	want.KeyFile = filepath.Join(dir, "stage.key")
	want.Store = filepath.Join(dir, "stage.db")
	want.Key = []byte(strings.Repeat("k", MinKey))
	if len(got.Announce)+len(got.Origins) != 0 {
		t.Errorf("lists are not empty: %+v", got)
	}
	got.Announce, got.Origins = nil, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Every key stands in the printed file with its explanation and its variable.
func TestPrintedFilesAreComplete(t *testing.T) {
	p, s := DefaultPodium(), DefaultStage()
	for name, table := range map[string]schema{"podium": podiumSchema(&p), "stage": stageSchema(&s)} {
		var out bytes.Buffer
		if err := printSchema(&out, table); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(strings.ReplaceAll(out.String(), "#", "")), " ")
		for _, one := range table.settings {
			if one.doc == "" || !strings.Contains(text, one.doc+" ["+EnvName(one.key)+"]") {
				t.Errorf("%s: %s is not explained", name, one.key)
			}
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if len(line) > printWidth+20 {
				t.Errorf("%s: too wide: %s", name, line)
			}
		}
	}
}

func TestPrintQuotesWhatYAMLReadsOtherwise(t *testing.T) {
	for word, want := range map[string]string{
		"auto": "auto", "http://127.0.0.1:8080": "http://127.0.0.1:8080", "/run/a.sock": "/run/a.sock",
		"": `""`, "0.0.0.0:80": `"0.0.0.0:80"`, "off": `"off"`, "a: b": `"a: b"`, `a"b\`: `"a\"b\\"`, "17": `"17"`,
	} {
		if got := yamlWord(word, kindText); got != want {
			t.Errorf("yamlWord(%q) = %s, want %s", word, got, want)
		}
	}
}
