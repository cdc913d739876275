package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The targets of this module are found, wherever they stand.
func TestFind(t *testing.T) {
	all, err := find("../..")
	if err != nil {
		t.Fatal(err)
	}
	for folder, name := range map[string]string{"../../stage/server": "FuzzHTTP", "../../publish": "FuzzResponse", "../../capture/v4l2": "FuzzDriver"} {
		if !slices.Contains(all[folder], name) {
			t.Errorf("%s is not found in %s: %v", name, folder, all[folder])
		}
	}
}

// Of many inputs those are kept that reach more, the shorter ones first, and not
// more than there is room for.
func TestPick(t *testing.T) {
	run := func(some []input) (reached, error) {
		all := reached{}
		for _, in := range some {
			for _, b := range in.data {
				all[string(b)] = struct{}{}
			}
		}
		return all, nil
	}
	inputs := []input{{"a", []byte("s")}, {"b", []byte("a")}, {"c", []byte("aa")}, {"d", []byte("ab")}, {"e", []byte("ba")}, {"f", make([]byte, mostBytes)}, {"g", []byte("cba")}}
	var kept []input
	if err := pick(inputs, reached{"s": {}}, &kept, run); err != nil {
		t.Fatal(err)
	}
	var names string
	for _, in := range kept {
		names += in.name
	}
	if names != "bdg" {
		t.Errorf("kept %s, want bdg", names)
	}
	var many []input
	for i := range 4 * mostFiles {
		many = append(many, input{fmt.Sprint(i), []byte{byte(i)}})
	}
	kept = nil
	if err := pick(many, reached{}, &kept, run); err != nil || len(kept) != mostFiles {
		t.Errorf("kept %d files, %v", len(kept), err)
	}
}

func TestFilesOfACorpus(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	if list, err := read(folder); err != nil || list != nil {
		t.Fatalf("%v, %v", list, err)
	}
	if err := write(folder, []input{{"0123456789abcdef", []byte("x")}, {"a-name", []byte("y")}}); err != nil {
		t.Fatal(err)
	}
	list, err := read(folder)
	if err != nil || len(list) != 2 || list[0].name != "2d711642b726b044" || list[1].name != "a-name" {
		t.Errorf("%v, %v", list, err)
	}
}

func TestReadProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p")
	if err := os.WriteFile(path, []byte("mode: set\na.go:1.2,3.4 5 1\na.go:6.7,8.9 1 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := readProfile(path)
	if _, ok := r["a.go:1.2,3.4 5"]; err != nil || len(r) != 1 || !ok {
		t.Errorf("%v, %v", r, err)
	}
}
