package web_test

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"podium/stage/web"
)

// served gives the text of every file of the package, by the path it is served at.
func served(t *testing.T) map[string]string {
	t.Helper()
	h := web.Handler(web.Options{Panel: true})
	texts := map[string]string{}
	err := fs.WalkDir(os.DirFS("pages"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		at := strings.TrimSuffix(strings.TrimSuffix("/"+name, ".html"), "index")
		texts[at] = body(t, h, at)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func body(t *testing.T, h http.Handler, at string) string {
	t.Helper()
	res := get(t, h, http.MethodGet, at)
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d, %v", at, res.StatusCode, err)
	}
	return string(text)
}

var (
	linked   = regexp.MustCompile(`(?:src|href)="([^"#]+)"`)
	imported = regexp.MustCompile(`(?m)^(?:import|export)\b[^'\n]*'([^']+)';`)
	external = regexp.MustCompile(`\b(?i:https?|wss?|ftp):?//[^\s'"]+|url\(|@import|["'(]//\w`)
	inline   = regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son\w+=|javascript:|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(`)
)

// namespace is the one address that may stand in a file: it names, nobody fetches it.
const namespace = "http://www.w3.org/2000/svg"

func TestEveryReferenceExists(t *testing.T) {
	all := served(t)
	count := 0
	check := func(from, to string) {
		count++
		if strings.HasPrefix(to, ".") {
			to = path.Join(path.Dir(from), to)
		}
		if _, ok := all[to]; !ok {
			t.Errorf("%s refers to %s, which is not served", from, to)
		}
	}
	for at, text := range all {
		for _, m := range linked.FindAllStringSubmatch(text, -1) {
			check(at, m[1])
		}
		for _, m := range imported.FindAllStringSubmatch(text, -1) {
			check(at, m[1])
		}
	}
	if count < 40 {
		t.Errorf("only %d references were found: the search does not see them", count)
	}
}

func TestNothingComesFromElsewhere(t *testing.T) {
	for at, text := range served(t) {
		if found := external.FindString(strings.ReplaceAll(text, namespace, "")); found != "" {
			t.Errorf("%s holds the external address %q", at, found)
		}
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s holds %q: no inline code or style, and foreign text only as text", at, found)
		}
	}
}

// Scripts, control surfaces and acceptance checks find things by these.
func TestHooksAreThere(t *testing.T) {
	all := served(t)
	for at, hooks := range map[string][]string{
		"/console":             {`data-testid="connection"`},
		"/watch":               {`data-testid="connection"`},
		"/panel":               {`data-testid="button-request"`, `data-testid="button-cancel"`, `data-testid="lamp-red"`, `data-testid="lamp-green"`, `data-testid="state"`},
		"/assets/queue.js":     {"'queue-row'", "button('grant'", "button('deny'", "userId"},
		"/assets/stagelist.js": {"'stage-row'", "'kick'"},
		"/assets/wall.js":      {"'tile'"},
	} {
		for _, hook := range hooks {
			if !strings.Contains(all[at], hook) {
				t.Errorf("%s lacks %s", at, hook)
			}
		}
	}
}
