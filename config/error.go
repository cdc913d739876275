package config

import (
	"errors"
	"fmt"
)

// Error says what is wrong with one key. Several of them come joined
// (errors.Join); errors.As finds the first.
type Error struct {
	File   string // name of the configuration file; empty when the value is not from one
	Line   int    // 1-based line in File; 0 when no line can be named
	Env    string // name of the environment variable that held the value, else empty
	Key    string // the key, as camera.width; empty when the whole file is meant
	Reason string // what is wrong and what to do
}

// Error gives "podium.yaml:12: camera.width: REASON".
func (e *Error) Error() string {
	text := e.Reason
	if e.Key != "" {
		text = e.Key + ": " + text
	}
	switch {
	case e.Env != "":
		return "environment " + e.Env + ": " + text
	case e.File != "" && e.Line > 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, text)
	case e.File != "":
		return e.File + ": " + text
	}
	return text
}

// place is where a value was found; the zero place is the built-in default.
type place struct {
	file string
	line int
	env  string
}

// fail makes the error of key at this place.
func (p place) fail(key, format string, args ...any) error {
	return &Error{File: p.file, Line: p.line, Env: p.env, Key: key, Reason: fmt.Sprintf(format, args...)}
}

// faults gathers errors so that a reader can mend them all at once.
type faults []error

func (f *faults) add(err error) {
	if err != nil {
		*f = append(*f, err)
	}
}

func (f faults) join() error { return errors.Join(f...) }
