package main

import (
	"context"
	"time"

	"podium/stage"
	"podium/test/rig"
)

// kickToLastPacket measures from a host's kick to the last RTP packet at a
// viewer; a viewer that hears nothing after the kick counts as 0.
func kickToLastPacket(ctx context.Context, b *bench) ([]figure, error) {
	s, err := start(ctx, b.binary)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	v, err := rig.Watch(ctx, s.address+"/v1/whep/demo/"+podiumID, s.viewerToken, nil)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	var times rig.Times
	for range b.turns {
		if err := s.goOnAir(ctx); err != nil {
			return nil, err
		}
		time.Sleep(500 * time.Millisecond) // media flows
		kicked := time.Now()
		if err := s.decide(ctx, stage.Kick); err != nil {
			return nil, err
		}
		time.Sleep(300 * time.Millisecond) // what still came has come
		times = append(times, max(0, v.Last().Sub(kicked)))
		if err := s.status(ctx, stage.OffStage); err != nil {
			return nil, err
		}
	}
	return []figure{{
		"kick to last RTP", times.String(), "under 20 ms p99",
		"from the host's call to the last packet at a Pion viewer, demo on loopback",
	}}, nil
}
