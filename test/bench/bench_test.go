package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func TestSpread(t *testing.T) {
	var times []time.Duration
	for i := 100; i > 0; i-- {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	if got, want := spread(times), "p50 51.0, p99 100.0, worst 100.0 ms (n=100)"; got != want {
		t.Errorf("spread %q, want %q", got, want)
	}
	if got := spread(nil); got != "nothing measured" {
		t.Errorf("spread of nothing %q", got)
	}
}

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

func TestProcFiles(t *testing.T) {
	if _, err := cpuTime(os.Getpid()); err != nil {
		t.Error(err)
	}
	if kb, err := residentKB(os.Getpid()); err != nil || kb < 1000 {
		t.Errorf("%d kB, %v", kb, err)
	}
}

func TestBenchmarkLine(t *testing.T) {
	line := "BenchmarkEncode720p-2   \t    655\t   1823456 ns/op\t    2400 B/op\t       2 allocs/op"
	if got, want := fields(line), "1823456 ns/op 2400 B/op 2 allocs/op"; got != want {
		t.Errorf("fields %q, want %q", got, want)
	}
}
