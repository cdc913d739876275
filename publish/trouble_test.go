package publish

import (
	"errors"
	"sync/atomic"
	"testing"
)

// standIn is a source that may go on without its device.
type standIn struct {
	Source
	trouble atomic.Pointer[error]
}

func (s *standIn) Trouble() error {
	if err := s.trouble.Load(); err != nil {
		return *err
	}
	return nil
}

// What a source gives in place of its device does not make the device work.
func TestTroubleIsAFaultUntilItIsOver(t *testing.T) {
	var told []string
	c := &capturing{fault: func(err error) { told = append(told, err.Error()) }, works: func() { told = append(told, "works") }}
	s := &standIn{}
	gone := errors.New("camera gone")
	c.judge(s)
	s.trouble.Store(&gone)
	c.judge(s)
	s.trouble.Store(nil)
	c.judge(s)
	if len(told) != 3 || told[0] != "works" || told[1] != "camera gone" || told[2] != "works" {
		t.Errorf("told %q", told)
	}
}
