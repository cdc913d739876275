package kit

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// get fetches a file of the service.
func (s *service) get(path string) string {
	s.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d, %v", path, answer.StatusCode, err)
	}
	return string(text)
}

// TestTypes compiles a small page in TypeScript against the types as served.
func TestTypes(t *testing.T) {
	t.Parallel()
	s := startStage(t, shortLease)
	dir := t.TempDir()
	consumer, err := os.ReadFile(filepath.Join("testdata", "types", "consumer.ts"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"consumer.ts": string(consumer), "stage.d.ts": s.get("/sdk/stage.d.ts")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	compiler := filepath.Join(fetch(t, typescript), "lib", "tsc.js")
	cmd := exec.Command("node", compiler, "--noEmit", "--strict", "--target", "es2022", "--module", "es2022",
		"--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", "consumer.ts")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the types do not fit: %v\n%s", err, out)
	}
}

var exported = regexp.MustCompile(`(?m)^export (?:class|function) (\w+)`)

// TestTypesNameWhatThereIs compares the types with the objects: what they
// declare must be there.
func TestTypesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	s := newHall(t, shortLease)
	page := s.person("ada", "podium")
	types := s.get("/sdk/stage.d.ts")
	for _, m := range exported.FindAllStringSubmatch(types, -1) {
		if !eval[bool](page, "import('"+s.base+"/sdk/stage.js').then((m) => '"+m[1]+"' in m)") {
			t.Errorf("stage.js exports no %s", m[1])
		}
	}
	for _, o := range []struct{ declared, object string }{
		{"interface Stage ", "meeting.stage"}, {"interface Self ", "meeting.self"}, {"class Meeting ", "meeting"},
		{"interface Participants ", "meeting.participants"}, {"interface Permissions ", "meeting.self.permissions"},
		{"interface Emitting<", "meeting.participants.joined"},
	} {
		names := members(types, o.declared)
		if len(names) < 6 {
			t.Errorf("%s: only %v were found: the search does not see them", o.declared, names)
		}
		for _, name := range names {
			if !eval[bool](page, "'"+name+"' in "+o.object) {
				t.Errorf("%s has no %s, which the types declare", o.object, name)
			}
		}
	}
}

var member = regexp.MustCompile(`^  (?:readonly )?(\w+)[?<(:]`)

// members lists what a declaration's body names.
func members(types, declared string) []string {
	_, body, _ := strings.Cut(types, "export "+declared)
	body, _, _ = strings.Cut(body, "\n}")
	var names []string
	for _, line := range strings.Split(body, "\n")[1:] {
		if m := member.FindStringSubmatch(line); m != nil && m[1] != "constructor" && !strings.Contains(line, "?:") {
			names = append(names, m[1])
		}
	}
	return names
}
