package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
)

// binarySize tells the size of the stripped arm64 command.
func binarySize(_ context.Context, b *bench) ([]figure, error) {
	info, err := os.Stat(b.arm64)
	if err != nil {
		return nil, fmt.Errorf("no arm64 build (make arm64 makes one): %w", err)
	}
	return []figure{{
		"arm64 binary, stripped", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "under 25 MB", "size of " + b.arm64,
	}}, nil
}

var benchLine = regexp.MustCompile(`(?m)^Benchmark(\S*Encode\S*)\s.*$`)

// encodeCost runs the capture path's own benchmark.
func encodeCost(ctx context.Context, _ *bench) ([]figure, error) {
	run := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "Encode", "-benchmem", "./capture")
	run.Stderr = os.Stderr
	out, err := run.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	var figures []figure
	for _, m := range benchLine.FindAllStringSubmatch(string(out), -1) {
		figures = append(figures, figure{"one frame, " + m[1], fields(m[0]), "", "go test -bench Encode ./capture"})
	}
	if len(figures) == 0 {
		return nil, fmt.Errorf("no benchmark line in %q", out)
	}
	return figures, nil
}

var spaces = regexp.MustCompile(`\s+`)

// fields leaves the benchmark's name and count out.
func fields(line string) string {
	parts := spaces.Split(line, 3)
	return spaces.ReplaceAllString(parts[2], " ")
}
