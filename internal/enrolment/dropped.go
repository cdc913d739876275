package enrolment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"podium/config"
	"podium/internal/secret"
)

// maxDropped bounds a dropped file, in bytes: a podium.yaml with every key explained has
// a tenth of it.
const maxDropped = 64 << 10

// The names beside a dropped file: what it becomes when it was taken in, and why it was
// not, for whoever puts the card back into a PC.
const (
	taken   = ".taken"
	problem = ".problem.txt"
)

// dropped is a file that somebody has put onto the boot partition: a podium.yaml that also
// has a code.
type dropped struct {
	code, server string
	rest         string // podium.yaml, with the lines where they were; empty: it says no more than code and server
}

var (
	codeLine   = regexp.MustCompile(`(?m)^code:[ \t]*["']?([^"'#\r\n]*?)["']?[ \t]*(#.*)?\r?$`)
	serverLine = regexp.MustCompile(`(?m)^server:[ \t]*["']?([^"'#\s]+)["']?`)
	comments   = regexp.MustCompile(`(?m)^[ \t]*(#.*)?\r?$`)
)

// TakeIn enrols with a dropped file, puts what else it says into the configuration at
// path, and moves it away. What is wrong with it is also written beside it.
func TakeIn(ctx context.Context, from, path string) (Enrolled, error) {
	e, err := takeIn(ctx, from, path)
	if err != nil {
		if !errors.Is(err, ErrUnreachable) { // which is tried again
			_ = os.WriteFile(from+problem, []byte(err.Error()+"\r\n"), 0o644)
		}
		return e, err
	}
	_ = os.Remove(from + problem)
	if err := os.Rename(from, from+taken); err != nil {
		return e, fmt.Errorf("%s was taken in, and cannot be moved away: %w; its code is used up", from, err)
	}
	return e, nil
}

func takeIn(ctx context.Context, from, path string) (Enrolled, error) {
	d, err := readDropped(from)
	if err != nil {
		return Enrolled{}, err
	}
	if err := Prepare(path); err != nil && d.rest == "" {
		return Enrolled{}, err
	}
	if d.rest != "" {
		if err := check(from, path, d.rest); err != nil {
			return Enrolled{}, err
		}
	}
	e, err := Find(ctx, d.server, d.code)
	if err != nil {
		return Enrolled{}, err
	}
	if d.rest != "" {
		if err := secret.Replace(path, []byte(d.rest), 0o644); err != nil {
			return e, err
		}
	}
	return e, Adopt(path, e)
}

// readDropped reads a dropped file. Half of one has no code, or breaks off in a key.
func readDropped(from string) (d dropped, err error) {
	f, err := os.Open(from)
	if err != nil {
		return d, fmt.Errorf("cannot read %s: %w", from, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxDropped+1))
	switch {
	case err != nil:
		return d, fmt.Errorf("cannot read %s: %w", from, err)
	case len(data) > maxDropped:
		return d, fmt.Errorf("%s has more than %d kB: it is no podium.yaml", from, maxDropped>>10)
	case len(bytes.TrimSpace(data)) == 0:
		return d, fmt.Errorf("%s is empty; write code: CODE into it", from)
	case bytes.ContainsRune(data, 0):
		return d, fmt.Errorf("%s is no text; write it anew, and take the card out only when it may be", from)
	}
	text := strings.TrimPrefix(string(data), "\ufeff") // some editors begin with it
	code, server := codeLine.FindStringSubmatch(text), serverLine.FindStringSubmatch(text)
	if code == nil || code[1] == "" {
		return d, fmt.Errorf("%s has no line code: CODE; the console makes one (Podiums, Add a podium)", from)
	}
	if server != nil {
		d.server = server[1]
	}
	d.code = code[1]
	rest := codeLine.ReplaceAllString(text, "# a code was here")
	if comments.ReplaceAllString(serverLine.ReplaceAllString(rest, ""), "") != strings.Repeat("\n", strings.Count(rest, "\n")) {
		d.rest = rest
	}
	return d, nil
}

// check looks whether the rest would be a good configuration, before the code is used up.
func check(from, path, rest string) error {
	trial := path + ".trial"
	if err := secret.Replace(trial, []byte(rest), 0o600); err != nil {
		return fmt.Errorf("%w (as root: sudo podium enroll --from %s)", err, from)
	}
	defer func() { _ = os.Remove(trial) }()
	if _, err := config.PodiumWithoutToken(trial); err != nil {
		return &droppedError{err, strings.ReplaceAll(err.Error(), trial, from)}
	}
	return nil
}

// droppedError names the file that the mistake is in.
type droppedError struct {
	error
	text string
}

// Error names the dropped file.
func (e *droppedError) Error() string { return e.text }

// Unwrap gives the error of the configuration.
func (e *droppedError) Unwrap() error { return e.error }
