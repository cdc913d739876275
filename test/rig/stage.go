package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"podium/stage"
	"podium/stage/server"
)

// patience is for what has to come, and comes soon on a machine that is not
// overloaded.
const patience = 30 * time.Second

// Key signs the tokens of everybody in a rig.
var Key = []byte("0123456789abcdef0123456789abcdef")

// Token makes a participant's token with a ready-made preset.
func Token(meeting, user, preset string) (string, error) {
	return server.NewToken(Key, server.TokenRequest{
		Meeting: meeting, UserID: user, Preset: stage.Presets[preset], TTL: 24 * time.Hour,
	}, time.Now())
}

// Stage is a running `podium stage`.
type Stage struct {
	*Process
	Address string // host:port of its TCP
	Folder  string // of its configuration and its store
}

// StageOptions say how a stage is started.
type StageOptions struct {
	Command  []string // what is started; the arguments of `podium stage` are put behind
	Folder   string   // made if missing
	Media    string   // host:port of its UDP; empty: a free port of 127.0.0.1
	Settings string   // further lines of stage.yaml
}

// StartStage starts a stage on a free port and waits until it serves.
func StartStage(ctx context.Context, o StageOptions) (*Stage, error) {
	s := &Stage{Folder: o.Folder}
	var err error
	if s.Address, err = FreeAddress(); err != nil {
		return nil, err
	}
	if o.Media == "" {
		o.Media = mediaHost + ":0"
	}
	file := filepath.Join(o.Folder, "stage.yaml")
	text := fmt.Sprintf("listen: %s\nmediaListen: %s\n%s", s.Address, o.Media, o.Settings)
	if err := writeFiles(o.Folder, map[string]string{"stage.yaml": text, "stage.key": string(Key)}); err != nil {
		return nil, err
	}
	if s.Process, err = Start(o.Command[0], append(o.Command[1:len(o.Command):len(o.Command)], "stage", "--config", file)...); err != nil {
		return nil, err
	}
	if err := s.serves(ctx); err != nil {
		s.Kill()
		return nil, fmt.Errorf("%w:\n%s", err, s.Log())
	}
	return s, nil
}

// memoryDisk is where files cost no disk.
const memoryDisk = "/dev/shm"

// Folder makes a folder for a rig, in memory where there is one: how long a disk takes
// that others write to says nothing of what is measured.
func Folder(pattern string) (string, error) {
	if folder, err := os.MkdirTemp(memoryDisk, pattern); err == nil {
		return folder, nil
	}
	return os.MkdirTemp("", pattern)
}

// writeFiles makes a folder with files that are their owner's only.
func writeFiles(folder string, files map[string]string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// FreeAddress is a host:port of loopback at which nobody listens just now.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// serves waits until the stage answers.
func (s *Stage) serves(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	caller := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Address+"/healthz", nil)
		if err != nil {
			return err
		}
		if response, err := caller.Do(r); err == nil {
			return response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return errors.New("the stage does not answer")
		case <-s.Over():
			return errors.New("the stage ended as soon as it was started")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
