package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEverythingHasItsLicence(t *testing.T) {
	var out strings.Builder
	if err := write(&out, "podium/cmd/podium"); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  Go, its standard library and runtime", "  github.com/pion/webrtc/v4 v", "  periph.io/x/host/v3 v", "  github.com/gorilla/websocket v",
		"Copyright (c) 2013, Cisco Systems", "Xiph.Org", "libjpeg-turbo", "GCC Runtime Library Exception",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in the licences", want)
		}
	}
	for _, line := range strings.Split(out.String(), "\n") { // a module that is linked is one that is required
		if path, version, ok := strings.Cut(strings.TrimPrefix(line, "  "), " v"); ok && strings.HasPrefix(line, "  ") && strings.Contains(path, ".") && !strings.Contains(path, " ") {
			if !strings.Contains(string(mod), path+" v"+version) {
				t.Errorf("%s v%s is in the licences and not in go.mod", path, version)
			}
		}
	}
}

func TestUpwards(t *testing.T) {
	module := t.TempDir()
	deep := filepath.Join(module, "pkg", "codec")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"LICENSE", "README", "pkg/NOTICE.txt", "pkg/codec/COPYING", "pkg/codec/license.go"} {
		if err := os.WriteFile(filepath.Join(module, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := upwards(deep, module)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range got {
		name, _ := filepath.Rel(module, f)
		names = append(names, name)
	}
	if text := strings.Join(names, " "); text != "pkg/codec/COPYING pkg/NOTICE.txt LICENSE" {
		t.Errorf("found %s", text)
	}
}
