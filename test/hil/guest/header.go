package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

// simConfig is where gpio-sim's chips are described; see the kernel's
// Documentation/admin-guide/gpio/gpio-sim.rst.
const simConfig = "/sys/kernel/config/gpio-sim"

// headerLines is how many lines a Pi 4's header chip has.
const headerLines = 54

// makeHeader makes a chip that looks like a Pi 4's: its label and line names.
func makeHeader() error {
	bank := filepath.Join(simConfig, "pi", "bank0")
	if err := os.MkdirAll(bank, 0o755); err != nil {
		return fmt.Errorf("cannot make the simulated header: %w", err)
	}
	if err := writeAll(bank, map[string]string{"num_lines": strconv.Itoa(headerLines), "label": guestapi.ChipLabel}); err != nil {
		return err
	}
	for n := range headerLines {
		line := filepath.Join(bank, fmt.Sprintf("line%d", n))
		if err := os.Mkdir(line, 0o755); err != nil {
			return fmt.Errorf("cannot make line %d: %w", n, err)
		}
		if err := writeAll(line, map[string]string{"name": fmt.Sprintf("GPIO%d", n)}); err != nil {
			return err
		}
	}
	return writeAll(filepath.Join(simConfig, "pi"), map[string]string{"live": "1"})
}

func writeAll(dir string, values map[string]string) error {
	for name, value := range values {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(value), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// header is a simulated chip seen from outside: the wires on its lines.
type header struct {
	lines string // the folder with one folder sim_gpioN per line
}

// findHeader finds the simulated chip that carries the label.
func findHeader(label string) (*header, error) {
	labels, err := filepath.Glob(simConfig + "/*/bank*/label")
	if err != nil {
		return nil, err
	}
	for _, file := range labels {
		if readWord(file) != label {
			continue
		}
		bank := filepath.Dir(file)
		device, chip := readWord(filepath.Join(bank, "..", "dev_name")), readWord(filepath.Join(bank, "chip_name"))
		return &header{filepath.Join("/sys/devices/platform", device, chip)}, nil
	}
	return nil, fmt.Errorf("cannot find a simulated chip labelled %q among %d", label, len(labels))
}

// file is an attribute of a line ("pull", "value"); the line is named GPIOn.
func (h *header) file(line, attribute string) (string, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(line, "GPIO"))
	if err != nil || n < 0 || n >= headerLines {
		return "", fmt.Errorf("no line %q on the header", line)
	}
	return filepath.Join(h.lines, fmt.Sprintf("sim_gpio%d", n), attribute), nil
}

// lineInfo is gpio_v2_line_info of linux/gpio.h.
type lineInfo struct {
	name, consumer [32]byte
	offset, attrs  uint32
	flags          uint64
	_              [10 * 16]byte
	_              [4]uint32
}

const (
	getLineInfo = 0xc100b405
	lineUsed    = 1 << 0
	lineOutput  = 1 << 3
)

// driven reports whether a program has a line as an output.
func (h *header) driven(line string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(line, "GPIO"))
	if err != nil {
		return false
	}
	chip, err := os.Open("/dev/" + filepath.Base(h.lines))
	if err != nil {
		return false
	}
	defer chip.Close()
	info := lineInfo{offset: uint32(n)}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, chip.Fd(), getLineInfo, uintptr(unsafe.Pointer(&info)))
	return errno == 0 && info.flags&lineUsed != 0 && info.flags&lineOutput != 0
}

func (h *header) pull(line string, high bool) error {
	file, err := h.file(line, "pull")
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(map[bool]string{true: "pull-up", false: "pull-down"}[high]), 0o644)
}

// Press holds a button to ground for the time asked, at least 50 ms.
func (g *Guest) Press(p guestapi.Press, at *time.Duration) error {
	*at = g.clock.now()
	if err := g.header.pull(p.Line, false); err != nil {
		return err
	}
	time.Sleep(max(p.Hold, 50*time.Millisecond))
	return g.header.pull(p.Line, true)
}

// Pull sets a line's level from outside and leaves it there.
func (g *Guest) Pull(p guestapi.Pull, _ *guestapi.None) error {
	return g.header.pull(p.Line, p.High)
}

// readWord returns a file's text without the white space around it, or "".
func readWord(name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
