package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTableAndJSON(t *testing.T) {
	figures := []figure{{"size", "17 MB", "under 25 MB", "ls"}}
	var table, js bytes.Buffer
	if err := show(&table, figures, false); err != nil || !strings.Contains(table.String(), "size    17 MB     under 25 MB  ls") {
		t.Errorf("table %q, %v", table.String(), err)
	}
	if err := show(&js, figures, true); err != nil || !strings.Contains(js.String(), `"value": "17 MB"`) {
		t.Errorf("JSON %q, %v", js.String(), err)
	}
}

func TestBenchmarkLine(t *testing.T) {
	line := "BenchmarkEncode720p-2   \t    655\t   1823456 ns/op\t    2400 B/op\t       2 allocs/op"
	if got, want := fields(line), "1823456 ns/op 2400 B/op 2 allocs/op"; got != want {
		t.Errorf("fields %q, want %q", got, want)
	}
}
