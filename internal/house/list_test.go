package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// module is the module's path; rooms are named relative to it.
const module = "podium/"

// root is the module's folder, seen from this package.
const root = "../.."

// pkg is what `go list` says about a package.
type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	Standard   bool
	Imports    []string
	GoFiles    []string
	Error      *struct{ Err string }
}

// listed asks `go list` once; the tag hil brings in the virtual podium's tests.
var listed = sync.OnceValues(func() (map[string]*pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-tags", "hil", "-json=ImportPath,Name,Dir,Standard,Imports,GoFiles,Error", "./...")
	cmd.Dir = root
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return nil, errors.New("cannot list the packages: " + err.Error() + "\n" + complaint.String())
	}
	all := map[string]*pkg{}
	for decoder := json.NewDecoder(&out); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all[p.ImportPath] = &p
	}
})

// packages gives all packages of the module and everything they reach.
func packages(t *testing.T) map[string]*pkg {
	t.Helper()
	all, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ownPackages gives the module's packages by their folder.
func ownPackages(t *testing.T) map[string]*pkg {
	t.Helper()
	own := map[string]*pkg{}
	for path, p := range packages(t) {
		if folder, ok := strings.CutPrefix(path, module); ok {
			if p.Error != nil {
				t.Errorf("package %s: %s", folder, p.Error.Err)
			}
			own[folder] = p
		}
	}
	if len(own) < 5 {
		t.Fatalf("only %d packages were found; is %s the module's folder?", len(own), root)
	}
	return own
}
