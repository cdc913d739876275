package documents

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/test/rig"
)

const root = "../.."

// patience is for a command that works, on a machine with much to do.
const patience = 60 * time.Second

// elsewhere are the commands that are run by something else, or by nobody but the
// reader.
var elsewhere = []struct{ command, why string }{
	{`^(sudo )?make (test|lint|hil|faults|random|soak|fuzz)\b`, "by .ci/run"},
	{`^make demo$`, "by test/browser, and cmd/podium's demo.txtar"},
	{`^make deb$|^sudo apt install`, "by test/install"},
	{`^systemctl (status|reload)|^journalctl`, "by test/install"},
	{`^sudo podium enroll|^podium host withdraw`, "by cmd/podium's enroll.txtar"},
	{`espeak`, "needs a loudspeaker"},
	{`RENEWED_LINEAGE`, "a hook of certbot; what it puts in place is read by stage/server's test of renewed certificates"},
	{`^chown root:podium`, "by config's test of who can read a secret"},
	{`^podium test-(lamps|buttons)`, "needs a panel: test/hil"},
}

// Where nothing is there yet, the stage's service starts by itself after the last of its
// files has been made.
var (
	fromNothing  = []string{"README.md", "install.md"}
	stageIsReady = regexp.MustCompile(`^podium token .* --preset host .*--config /etc/podium/stage.yaml`)
)

// TestCommands is one reader for each document.
func TestCommands(t *testing.T) {
	binary := build(t)
	files, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, path := range append([]string{root + "/README.md"}, files...) {
		all := commandsOf(read(t, path))
		if len(all) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			newReader(t, path, binary).follow(all)
		})
		ran += len(all)
	}
	if ran < 20 {
		t.Errorf("only %d commands were found", ran)
	}
}

// build builds the command, and gives the folder that it is in.
func build(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	out, err := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(folder, "podium"), "podium/cmd/podium").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return folder
}

// reader types what a document says.
type reader struct {
	*testing.T
	folder  string
	env     []string
	umask   string // the command, of the shell that all is typed into
	starts  bool   // has no hall yet
	replace *strings.Replacer
}

// newReader gives somebody at the desk of a hall: its stage runs, and one podium is in
// the meeting. Whoever reads how to install it has nothing yet.
func newReader(t *testing.T, path, binary string) *reader {
	r := &reader{T: t, folder: t.TempDir()}
	address := func() string {
		a, err := rig.FreeAddress()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	listen, panel := address(), filepath.Join(r.folder, "podium.sock")
	settings := map[string]string{
		"PATH": binary + ":" + os.Getenv("PATH"), "HOME": r.folder,
		"PODIUM_SOCKET": panel, "PODIUM_PANEL_KIND": "none", "PODIUM_CAMERA_DEVICE": "test", "PODIUM_MICROPHONE_DEVICE": "test",
		"PODIUM_LISTEN": listen, "PODIUM_MEDIA_LISTEN": "127.0.0.1:0", "PODIUM_SERVER": "http://" + listen,
	}
	for key, value := range settings {
		r.env = append(r.env, key+"="+value)
	}
	replace := []string{"http://stage.example:8080", "http://" + listen, "/etc/podium/", ""}
	if r.starts = slices.Contains(fromNothing, filepath.Base(path)); !r.starts {
		replace = append(replace, r.hall(listen, address())...)
	}
	r.replace = strings.NewReplacer(replace...)
	return r
}

// hall makes the reader's hall, and gives what the documents call things there: a second
// stage has TLS.
func (r *reader) hall(plain, secure string) (replace []string) {
	r.write("stage.key", string(rig.Key))
	r.write("stage.yaml", "listen: "+plain+"\n")
	r.write("podium.yaml", "server: http://"+plain+"\n")
	r.run("podium token --meeting hall --user chair --preset host --config stage.yaml --out host.token")
	r.run("podium token --meeting hall --user podium-1 --preset podium --config stage.yaml --out podium.token")
	r.start("podium stage --config stage.yaml", "stage ready")
	r.start("podium run --config podium.yaml", "podium ready")
	r.write("tls.yaml", "listen: "+secure+"\nkeyFile: stage.key\nstore: tls.db\ntls: {selfSigned: true}\n")
	r.start("PODIUM_LISTEN="+secure+" podium stage --config tls.yaml", "stage ready")
	print := strings.Fields(r.run("podium fingerprint --config tls.yaml"))
	return []string{
		"https://192.0.2.10:8080", "https://" + secure, "SHA256:4a6f...", print[len(print)-1],
		"podium fingerprint --config stage.yaml", "podium fingerprint --config tls.yaml", "stage.tls.crt", "tls.tls.crt",
	}
}

func (r *reader) write(name, text string) {
	r.Helper()
	if err := os.WriteFile(filepath.Join(r.folder, name), []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

// follow does what the document says.
func (r *reader) follow(all []command) {
	for _, c := range all {
		text := r.replace.Replace(c.text)
		if why := whyElsewhere(c.text); why != "" {
			r.Logf("line %d, %s: %s", c.line, c.text, why)
			continue
		}
		if variables, ok := strings.CutPrefix(text, "export "); ok {
			r.env = append(r.env, strings.Fields(variables)...)
			continue
		}
		if strings.HasPrefix(text, "umask ") {
			r.umask = text + "; "
			continue
		}
		if out, err := r.shell(text); err != nil {
			r.Errorf("line %d: %s\n%s\n%v", c.line, text, out, err)
		}
		if r.starts && stageIsReady.MatchString(c.text) {
			r.start("podium stage --config stage.yaml", "stage ready")
		}
	}
}

func whyElsewhere(text string) string {
	for _, e := range elsewhere {
		if regexp.MustCompile(e.command).MatchString(text) {
			return e.why
		}
	}
	return ""
}

// run is for what is not in question here.
func (r *reader) run(text string) string {
	r.Helper()
	out, err := r.shell(text)
	if err != nil {
		r.Fatalf("%s: %v\n%s", text, err, out)
	}
	return out
}

func (r *reader) shell(text string) (string, error) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", r.umask+text)
	cmd.Dir, cmd.Env = r.folder, r.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// start starts what goes on until the test's end, and waits until it works.
func (r *reader) start(text, says string) {
	r.Helper()
	cmd := exec.Command("sh", "-c", "exec env "+text)
	cmd.Dir, cmd.Env = r.folder, r.env
	p, err := rig.StartCommand(cmd)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		if err := p.End(patience); err != nil {
			r.Error(err)
		}
	})
	limit := time.After(patience)
	for !strings.Contains(p.Log(), says) {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-p.Over():
			r.Fatalf("%s has ended:\n%s", text, p.Log())
		case <-limit:
			r.Fatalf("%s does not say %q:\n%s", text, says, p.Log())
		}
	}
}
