package main

import (
	"context"
	"time"

	"podium/control"
	"podium/stage"
	"podium/test/rig"
)

// pressToHost measures from the press, at the control socket, to the event at a
// host's connection.
func pressToHost(ctx context.Context, b *bench) ([]figure, error) {
	s, err := start(ctx, b.binary)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	var times rig.Times
	for range b.presses {
		began := time.Now()
		if err := s.panel.Press(ctx, control.Press{Button: "request"}); err != nil {
			return nil, err
		}
		at, err := s.wait(ctx, stage.EventNewRequest, nil)
		if err != nil {
			return nil, err
		}
		times = append(times, at.Sub(began))
		if err := s.panel.Press(ctx, control.Press{Button: "cancel"}); err != nil {
			return nil, err
		}
		if err := s.status(ctx, stage.OffStage); err != nil {
			return nil, err
		}
		time.Sleep(120 * time.Millisecond) // stay below the limit for floods
	}
	return []figure{{
		"press to the host's event", times.String(), "under 50 ms p99",
		"control socket to newStageRequest at a host's WebSocket, demo on loopback",
	}}, nil
}
