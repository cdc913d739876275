package rig

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Usage is what a process holds of the machine.
type Usage struct {
	RSS     int `json:"rssKB"`     // resident memory, kB
	Anon    int `json:"anonKB"`    // of it what no file stands behind, kB
	Threads int `json:"threads"`   // of the kernel
	Files   int `json:"openFiles"` // file descriptors
}

// UsageOf reads /proc/PID/status and /proc/PID/fd (proc(5)).
func UsageOf(pid int) (Usage, error) {
	name := fmt.Sprintf("/proc/%d/status", pid)
	data, err := os.ReadFile(name)
	if err != nil {
		return Usage{}, err
	}
	var u Usage
	fields := map[string]*int{"VmRSS": &u.RSS, "RssAnon": &u.Anon, "Threads": &u.Threads}
	for line := range strings.Lines(string(data)) {
		key, value, _ := strings.Cut(line, ":")
		if into := fields[key]; into != nil {
			if *into, err = strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB")); err != nil {
				return Usage{}, fmt.Errorf("cannot read %s of %s: %w", key, name, err)
			}
			delete(fields, key)
		}
	}
	if len(fields) > 0 {
		return Usage{}, fmt.Errorf("cannot read %s: a line is missing", name)
	}
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	u.Files = len(files)
	return u, err
}

// clockTick is the unit of /proc/PID/stat on Linux (sysconf(_SC_CLK_TCK)).
const clockTick = 10 * time.Millisecond

// CPUTime sums utime and stime, fields 14 and 15 of proc(5)'s stat.
func CPUTime(pid int) (time.Duration, error) {
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
