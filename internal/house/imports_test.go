package house

import (
	"slices"
	"strings"
	"testing"
)

// Every package stands in the table, and every row is a package.
func TestEveryPackageHasARoom(t *testing.T) {
	own := ownPackages(t)
	for path := range own {
		if _, ok := rooms[path]; !ok {
			t.Errorf("package %s is not in rooms; add what it may import and what it must not reach", path)
		}
	}
	for path := range rooms {
		if own[path] == nil {
			t.Errorf("rooms knows %s, but there is no such package; take the row out", path)
		}
	}
}

func TestDirectImports(t *testing.T) {
	all := packages(t)
	for path, own := range ownPackages(t) {
		for _, imported := range own.Imports {
			if matchesAny(rooms[path].not, imported) {
				t.Errorf("%s imports %s, which its room forbids", path, imported)
			}
			target := all[imported]
			if imported == "C" || imported == "unsafe" || (target != nil && target.Standard) {
				continue
			}
			if !matchesAny(rooms[path].may, imported) {
				t.Errorf("%s imports %s, which its room does not allow (%s)", path, imported, own.Dir)
			}
		}
	}
}

func TestForbiddenReach(t *testing.T) {
	all := packages(t)
	for path, own := range ownPackages(t) {
		for _, bad := range reached(all, own, rooms[path].never) {
			t.Errorf("%s must not reach %s, but does: %s", path, bad[len(bad)-1], strings.Join(bad, " -> "))
		}
	}
}

// reached gives, per forbidden package, the shortest chain of imports to it.
func reached(all map[string]*pkg, from *pkg, never []string) [][]string {
	var found [][]string
	came := map[string]string{from.ImportPath: ""}
	for queue := []string{from.ImportPath}; len(queue) > 0; queue = queue[1:] {
		at := all[queue[0]]
		if at == nil {
			continue
		}
		if at != from && matchesAny(never, at.ImportPath) {
			found = append(found, chain(came, at.ImportPath))
			continue
		}
		for _, next := range at.Imports {
			if _, seen := came[next]; !seen {
				came[next] = at.ImportPath
				queue = append(queue, next)
			}
		}
	}
	return found
}

func chain(came map[string]string, to string) []string {
	var steps []string
	for ; to != ""; to = came[to] {
		steps = append(steps, to)
	}
	slices.Reverse(steps)
	return steps
}

// matchesAny tells whether path is one of the patterns; "x/..." is x and below.
func matchesAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if top, ok := strings.CutSuffix(pattern, "/..."); ok {
			return path == top || strings.HasPrefix(path, top+"/")
		}
		return path == pattern
	})
}

// The rule itself is held to account: a forbidden import is seen, near and far.
func TestReachIsSeen(t *testing.T) {
	all := map[string]*pkg{
		"a": {ImportPath: "a", Imports: []string{"b", "x"}},
		"b": {ImportPath: "b", Imports: []string{"net/http"}},
		"x": {ImportPath: "x"}, "net/http": {ImportPath: "net/http", Imports: []string{"net"}}, "net": {ImportPath: "net"},
	}
	got := reached(all, all["a"], []string{"net/..."})
	if len(got) != 1 || strings.Join(got[0], " ") != "a b net/http" {
		t.Errorf("got %v", got)
	}
	if got := reached(all, all["a"], []string{"netx", "ne/..."}); got != nil {
		t.Errorf("got %v", got)
	}
}
