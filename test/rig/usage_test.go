package rig

import (
	"os"
	"testing"
	"time"
)

func TestUsageOfThisProcess(t *testing.T) {
	before, err := UsageOf(os.Getpid())
	if err != nil || before.RSS < 1000 || before.Anon < 100 || before.Threads < 1 || before.Files < 3 {
		t.Fatalf("%+v, %v", before, err)
	}
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if after, err := UsageOf(os.Getpid()); err != nil || after.Files != before.Files+1 {
		t.Errorf("%d open files after one more than %d, %v", after.Files, before.Files, err)
	}
	if _, err := CPUTime(os.Getpid()); err != nil {
		t.Error(err)
	}
}

func TestUsageOfNobody(t *testing.T) {
	if _, err := UsageOf(1 << 30); err == nil {
		t.Error("a process that is not there has a usage")
	}
	if _, err := CPUTime(1 << 30); err == nil {
		t.Error("a process that is not there has used time")
	}
}

func TestTimes(t *testing.T) {
	var times Times
	for i := 100; i > 0; i-- {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	if got, want := times.String(), "p50 51.0, p99 100.0, worst 100.0 ms (n=100)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := times.At(0); got != time.Millisecond {
		t.Errorf("the shortest is %s", got)
	}
	var none Times
	if got := none.String(); got != "nothing measured" || none.At(0.5) != 0 {
		t.Errorf("nothing is told as %q, %s", got, none.At(0.5))
	}
}
