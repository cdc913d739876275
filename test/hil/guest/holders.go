package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"podium/test/hil/guestapi"
)

// Holders returns every open file whose path begins with prefix
// ("/dev/video0", "/dev/snd/pcm", "/dev/gpiochip"), over all processes.
func (g *Guest) Holders(prefix string, holders *[]guestapi.Holder) error {
	*holders = []guestapi.Holder{}
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return err
	}
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(target, prefix) {
			continue // gone in the meantime, or something else
		}
		dir := filepath.Dir(filepath.Dir(link))
		pid, _ := strconv.Atoi(filepath.Base(dir))
		*holders = append(*holders, guestapi.Holder{PID: pid, Command: readWord(filepath.Join(dir, "comm")), Path: target})
	}
	return nil
}

// ReadFile returns a file of the machine.
func (g *Guest) ReadFile(name string, data *[]byte) (err error) {
	*data, err = os.ReadFile(name)
	return err
}

// WriteFile makes a file of the machine, with the folders above it.
func (g *Guest) WriteFile(f guestapi.File, _ *guestapi.None) error {
	if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(f.Name, f.Data, os.FileMode(f.Mode))
}
