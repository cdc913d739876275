//go:build hil

package hil

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// podium runs the podium's command in the machine.
func (r *rig) podium(t *testing.T, args ...string) guestapi.Outcome {
	t.Helper()
	out, err := r.Run(guestapi.Command{
		Args: append([]string{"podium"}, args...),
		Env:  []string{"PODIUM_SERVER=" + stageURL, "PODIUM_TOKEN_FILE=" + hostToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// must runs the podium's command and demands success.
func (r *rig) must(t *testing.T, args ...string) string {
	t.Helper()
	out := r.podium(t, args...)
	if out.Exit != 0 {
		t.Fatalf("podium %s: exit %d: %s", strings.Join(args, " "), out.Exit, out.Stderr)
	}
	return out.Stdout
}

// got unwraps an answer of the agent.
func got[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// until asks again and again until the answer is the one that is waited for,
// and fails with the last answer when that takes too long.
func until[T any](t *testing.T, what string, ask func() (T, error), is func(T) bool) T {
	t.Helper()
	deadline := time.Now().Add(waitLimit)
	for {
		answer, err := ask()
		if err == nil && is(answer) {
			t.Logf("%s: %s", what, brief(answer))
			return answer
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s; last answer: %s %v", what, waitLimit, brief(answer), err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func brief(v any) string {
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text[:min(len(text), 600)])
}

// keep writes something that the run leaves behind.
func (r *rig) keep(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.out, name), data, 0o644); err != nil {
		t.Error(err)
	}
}

func (r *rig) file(name string) string { return filepath.Join(r.out, name) }

// start starts `podium COMMAND --config FILE` as a process that goes on under
// a name.
func (r *rig) start(t *testing.T, name, command, config string) {
	t.Helper()
	if _, err := r.Machine.Start(name, "podium", command, "--config", config); err != nil {
		t.Fatal(err)
	}
}

// keepLogs saves what the processes wrote and the timelines.
func (r *rig) keepLogs(t *testing.T) {
	for _, name := range []string{"podium", "stage", "nocamera", "tone"} {
		if p, err := r.Process(name); err == nil {
			r.keep(t, name+".log", []byte(p.Output))
		}
	}
	if lamps, err := r.Lamps(); err == nil {
		r.keepJSON(t, "lamps.json", lamps)
	}
	if wire, err := r.Wire(); err == nil {
		r.keepJSON(t, "wire.json", wire)
	}
	if events, err := r.Events("status"); err == nil {
		r.keep(t, "status.log", announced(events))
	}
}

func (r *rig) keepJSON(t *testing.T, name string, v any) {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Error(err)
	}
	r.keep(t, name, append(text, '\n'))
}
