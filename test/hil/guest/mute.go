package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

// pausePCM is SNDRV_PCM_IOCTL_PAUSE of sound/asound.h.
const pausePCM = 0x40044145

// Pause makes a microphone that a process has open give nothing any more, or go
// on: through that process's own open file, so that the process sees nothing but
// a card that is silent.
func (g *Guest) Pause(p guestapi.Pause, _ *guestapi.None) error {
	holder, err := g.processes.find(p.Process)
	if err != nil {
		return err
	}
	pid := holder.cmd.Process.Pid
	number, err := openFile(pid, p.Path)
	if err != nil {
		return err
	}
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(process)
	card, err := unix.PidfdGetfd(process, number, 0)
	if err != nil {
		return fmt.Errorf("cannot borrow %s of %s: %w", p.Path, p.Process, err)
	}
	on := uintptr(0)
	if p.On {
		on = 1
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(card), pausePCM, on)
	if errno != 0 {
		return errors.Join(fmt.Errorf("cannot pause %s: %w", p.Path, errno), unix.Close(card))
	}
	return unix.Close(card)
}

// openFile is the number under which a process has a file open.
func openFile(pid int, path string) (int, error) {
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		return 0, err
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, path) {
			return strconv.Atoi(filepath.Base(link))
		}
	}
	return 0, fmt.Errorf("process %d does not have %s open", pid, path)
}
