//go:build faults

package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
)

// fillDisk leaves no room where the stage's file is, while much happens that has to
// be stored.
func fillDisk(lasts time.Duration) fault {
	return fault{"stage's disk full for " + length(lasts), lasts, func(ctx context.Context, r *rig) (end, error) {
		r.stage.note("filling the disk")
		filler := filepath.Join(r.store, "filler")
		if err := r.fill(filler); err != nil {
			return nil, err
		}
		leave, err := r.crowd(ctx)
		if err != nil {
			return nil, fmt.Errorf("the stage does not go on while its disk is full: %w", err)
		}
		if err := r.storeIs(ctx, "failing"); err != nil {
			r.miss("the disk is full, and %v", err)
		}
		return func(ctx context.Context) error {
			var err error
			r.stageNet.do(func() { err = os.Remove(filler) })
			leave()
			if err == nil {
				err = r.storeIs(ctx, "ok")
			}
			return err
		}, nil
	}}
}

// fill writes until the disk is full.
func (r *rig) fill(name string) (err error) {
	r.stageNet.do(func() {
		var file *os.File
		if file, err = os.Create(name); err != nil {
			return
		}
		defer func() { _ = file.Close() }()
		for block := make([]byte, 4096); err == nil; {
			_, err = file.Write(block)
		}
	})
	if errors.Is(err, syscall.ENOSPC) {
		return nil
	}
	return err
}

// storeIs waits for a word of /healthz about the store.
func (r *rig) storeIs(ctx context.Context, want string) error {
	return until(ctx, lease, func(ctx context.Context) error {
		store, err := health(ctx, r.address)
		if err == nil && store != want {
			err = fmt.Errorf("/healthz says of the store: %s", store)
		}
		return err
	})
}

// crowd is how many ask for the stage while the disk is full: more than fits into
// the pages that the file has.
const crowded = 40

// crowd brings people with long names who ask for the stage. Each gets an answer.
func (r *rig) crowd(ctx context.Context) (leave func(), err error) {
	inside, stop := context.WithCancel(context.WithoutCancel(ctx))
	var people sync.WaitGroup
	leave = func() { stop(); people.Wait() }
	for n := range crowded {
		name := fmt.Sprintf("%s-%d", strings.Repeat("somebody", 15), n)
		token, err := server.NewToken(key, server.TokenRequest{
			Meeting: meeting, UserID: name, Name: name, Preset: stage.Presets["podium"], TTL: time.Hour,
		}, time.Now())
		if err != nil {
			return leave, err
		}
		connected := make(chan struct{}, 8)
		c, err := client.New(client.Config{
			Server: r.address, Token: func() (string, error) { return token, nil },
			Handle: func(report client.Report) {
				if _, ok := report.(client.Connected); ok {
					select {
					case connected <- struct{}{}:
					default:
					}
				}
			},
		})
		if err != nil {
			return leave, err
		}
		people.Go(func() { _ = c.Run(inside) })
		if err := ask(ctx, c, connected); err != nil {
			leave()
			return nil, err
		}
	}
	return leave, nil
}

func ask(ctx context.Context, c *client.Client, connected <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-connected:
		return c.Call(ctx, stage.RequestAccess, nil, nil)
	case <-ctx.Done():
		return errors.New("one who connects is not let in")
	}
}
