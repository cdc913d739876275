package machine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func recipe(script string) part {
	files := fstest.MapFS{"toy.sh": {Data: []byte(script)}, "list.txt": {Data: []byte("one\n")}}
	return part{name: "toy", recipes: files, inputs: []string{"toy.sh", "list.txt"}, finish: func(string) error { return nil }}
}

func TestPartIsBuiltOnceForEachRecipe(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	var said []string
	build := func(p part) string {
		t.Helper()
		dir, err := p.make(t.Context(), cache, func(line string) { said = append(said, line) })
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	first := build(recipe("cp list.txt made"))
	if text, err := os.ReadFile(filepath.Join(first, "made")); err != nil || string(text) != "one\n" {
		t.Errorf("made %q, %v", text, err)
	}
	if again := build(recipe("cp list.txt made")); again != first || !strings.Contains(said[1], "cached") {
		t.Errorf("the same recipe was built again: %q", said)
	}
	if other := build(recipe("cp list.txt made # newer")); other == first {
		t.Error("a changed recipe was taken from the cache")
	}
	changed := recipe("cp list.txt made")
	changed.recipes.(fstest.MapFS)["list.txt"].Data = []byte("two\n")
	if other := build(changed); other == first {
		t.Error("a recipe with a changed input was taken from the cache")
	}
}

// Two machines that boot at the same time want the same part of an empty cache.
func TestPartIsBuiltOnceForAll(t *testing.T) {
	cache, count := filepath.Join(t.TempDir(), "cache"), filepath.Join(t.TempDir(), "count")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := recipe("echo built >> "+count).make(t.Context(), cache, func(string) {}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if text, err := os.ReadFile(count); err != nil || string(text) != "built\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// The recipe makes what another process makes meanwhile.
func TestPartOfAnotherProcessIsTaken(t *testing.T) {
	cache := t.TempDir()
	p := recipe("mkdir $OTHER; echo theirs > $OTHER/made; echo ours > made")
	key, err := p.key()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("OTHER", filepath.Join(cache, "toy-"+key))
	dir, err := p.make(t.Context(), cache, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "made")); err != nil || string(text) != "theirs\n" {
		t.Errorf("%q, %v", text, err)
	}
	if left, err := os.ReadDir(cache); err != nil || len(left) != 1 {
		t.Errorf("left in the cache: %v %v", left, err)
	}
}

func TestBrokenPartIsNotKept(t *testing.T) {
	cache := t.TempDir()
	_, err := recipe("echo no such mirror >&2; exit 3").make(t.Context(), cache, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "no such mirror") || !strings.Contains(err.Error(), "toy") {
		t.Errorf("error %v does not tell what failed and why", err)
	}
	if left, err := os.ReadDir(cache); err != nil || len(left) != 0 {
		t.Errorf("left in the cache: %v %v", left, err)
	}
}

func TestPartEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := recipe("sleep 600").make(ctx, t.TempDir(), func(string) {}); err == nil {
		t.Error("built without a context")
	}
}

func TestRecipesAreThere(t *testing.T) {
	for _, name := range []string{"apt.sh", "kernel.sh", "rootfs.sh", "modules.txt"} {
		if _, err := embedded.ReadFile("image/" + name); err != nil {
			t.Error(err)
		}
	}
}
