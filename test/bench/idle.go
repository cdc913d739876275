package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"podium/control"
	"podium/test/rig"
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
	token := filepath.Join(s.state, "panelist.token")
	socket := filepath.Join(s.state, "idle.sock")
	file := filepath.Join(s.state, "podium.yaml")
	text := fmt.Sprintf("server: %s\ntokenFile: %s\nsocket: %s\npanel: {kind: none}\ncamera: {device: test}\nmicrophone: {device: test}\n", s.address, token, socket)
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
	before, err := rig.CPUTime(p.Process.Pid)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	after, err := rig.CPUTime(p.Process.Pid)
	if err != nil {
		return nil, err
	}
	used, err := rig.UsageOf(p.Process.Pid)
	if err != nil {
		return nil, err
	}
	onAir, err := onAirMemory(ctx, s, panel, p.Process.Pid)
	if err != nil {
		return nil, err
	}
	share := 100 * float64(after-before) / float64(idleFor)
	return []figure{
		{"podium run, idle CPU", fmt.Sprintf("%.2f %% of a core", share), "", "utime+stime of /proc/PID/stat over " + idleFor.String() + ", connected, off stage"},
		{"podium run, idle RSS", fmt.Sprintf("%.1f MB", float64(used.RSS)/1024), "under 30 MB", "VmRSS of /proc/PID/status"},
		{"podium run, RSS on air", fmt.Sprintf("%.1f MB", float64(onAir)/1024), "under 80 MB", "the same after 10 s of the test picture, 1280x720 at 30 frames/s, and sound"},
	}, nil
}

// onAirMemory has the podium, whose participant needs no host, go on the air, and gives its resident memory after a while, kB.
func onAirMemory(ctx context.Context, s *system, panel *control.Client, pid int) (int, error) {
	if err := panel.Press(ctx, control.Press{Button: "request"}); err != nil {
		return 0, err
	}
	onAir := func(control.Client) bool {
		status, err := panel.Status(ctx)
		return err == nil && status.OnAir
	}
	if err := s.until(ctx, onAir); err != nil {
		return 0, err
	}
	select {
	case <-time.After(10 * time.Second):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	used, err := rig.UsageOf(pid)
	return used.RSS, err
}
