package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"podium/control"
)

// idleFor is how long the idle podium is watched.
const idleFor = 20 * time.Second

// idlePodium measures a connected podium that nobody uses.
func idlePodium(ctx context.Context, b *bench) ([]figure, error) {
	s, err := start(ctx, b.binary)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	token := filepath.Join(s.state, "viewer.token") // any token of the meeting will do
	socket := filepath.Join(s.state, "idle.sock")
	file := filepath.Join(s.state, "podium.yaml")
	text := fmt.Sprintf("server: %s\ntokenFile: %s\nsocket: %s\npanel: {kind: none}\n", s.address, token, socket)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	p := exec.CommandContext(ctx, b.binary, "run", "--config", file)
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		return nil, err
	}
	defer func() { _ = p.Process.Signal(syscall.SIGTERM); _ = p.Wait() }()
	panel := control.Dial(socket)
	if err := s.until(ctx, func(control.Client) bool {
		status, err := panel.Status(ctx)
		return err == nil && status.Connected
	}); err != nil {
		return nil, err
	}
	before, err := cpuTime(p.Process.Pid)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	after, err := cpuTime(p.Process.Pid)
	if err != nil {
		return nil, err
	}
	rss, err := residentKB(p.Process.Pid)
	if err != nil {
		return nil, err
	}
	share := 100 * float64(after-before) / float64(idleFor)
	return []figure{
		{"podium run, idle CPU", fmt.Sprintf("%.2f %% of a core", share), "", "utime+stime of /proc/PID/stat over " + idleFor.String() + ", connected, off stage"},
		{"podium run, idle RSS", fmt.Sprintf("%.1f MB", float64(rss)/1024), "under 30 MB", "VmRSS of /proc/PID/status"},
	}, nil
}

// clockTick is the unit of /proc/PID/stat on Linux (sysconf(_SC_CLK_TCK)).
const clockTick = 10 * time.Millisecond

// cpuTime sums utime and stime, fields 14 and 15 of proc(5)'s stat.
func cpuTime(pid int) (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("cannot read /proc/%d/stat", pid)
	}
	user, errUser := strconv.ParseInt(fields[11], 10, 64)
	system, errSystem := strconv.ParseInt(fields[12], 10, 64)
	if errUser != nil || errSystem != nil {
		return 0, fmt.Errorf("cannot read /proc/%d/stat", pid)
	}
	return time.Duration(user+system) * clockTick, nil
}

func residentKB(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
		}
	}
	return 0, fmt.Errorf("no VmRSS in /proc/%d/status", pid)
}
