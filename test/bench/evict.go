package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"podium/stage"
	"podium/stage/client"
	"podium/test/rig"
)

const (
	evictMeeting = "hall"
	evictSpeaker = "eve"
	// afterKick is how long the speaker goes on after the kick: what still passes has
	// passed by then.
	afterKick = 100 * time.Millisecond
)

// evictions measures the server's own eviction: from a host's kick to the last packet
// that leaves the media room, of a speaker who never stops sending. First with one
// viewer, then with fifty.
func evictions(ctx context.Context, b *bench) ([]figure, error) {
	var figures []figure
	for _, viewers := range []int{1, 50} {
		called, decided, late, err := evict(ctx, b, viewers)
		if err != nil {
			return figures, err
		}
		figures = append(figures, figure{
			fmt.Sprintf("decision to the room's last packet, viewers: %d", viewers), decided.String(), "under 20 ms p99",
			"a kick's offStageAt in the record, in whole ms, to the kernel's time of the last RTP packet to any viewer; the speaker sends on",
		}, figure{
			fmt.Sprintf("kick sent to the room's last packet, viewers: %d", viewers), called.String(), "",
			fmt.Sprintf("the same from the host's call; in %d turns a packet came after its answer", late),
		})
	}
	return figures, nil
}

// evict gives, for each turn, how long packets came after the kick was sent and after
// the rules had it, and in how many turns one came after the kick's answer.
func evict(ctx context.Context, b *bench, viewers int) (called, decided rig.Times, late int, err error) {
	h, err := openEviction(ctx, b.binary, viewers)
	if h != nil {
		defer h.close()
	}
	if err != nil {
		return nil, nil, 0, err
	}
	var lasts []time.Time
	for n := range b.turns {
		t, err := h.turn(ctx)
		if err != nil {
			return nil, nil, 0, fmt.Errorf("turn %d: %w", n+1, err)
		}
		called, lasts = append(called, max(0, t.last.Sub(t.kicked))), append(lasts, t.last)
		if t.last.After(t.answered) {
			late++
		}
	}
	record, err := h.record(ctx)
	if err != nil || len(record) != len(lasts) {
		return nil, nil, 0, fmt.Errorf("the record has %d of %d turns: %w", len(record), len(lasts), err)
	}
	for i, entry := range record {
		decided = append(decided, max(0, lasts[i].Sub(entry.OffStageAt.Time)))
	}
	return called, decided, late, nil
}

// record gives the turns that have ended, oldest first.
func (h *eviction) record(ctx context.Context) ([]stage.Entry, error) {
	token, err := rig.Token(evictMeeting, "clerk", "host")
	if err != nil {
		return nil, err
	}
	clerk, err := client.NewREST("http://"+h.stage.Address, token)
	if err != nil {
		return nil, err
	}
	return clerk.Record(ctx)
}

// kick is what was seen of one.
type kick struct{ kicked, answered, last time.Time }

// eviction is a stage with a host, a speaker and viewers.
type eviction struct {
	folder  string
	stage   *rig.Stage
	host    *rig.Host
	speaker *client.Client
	viewers []*rig.Ear
	stop    func() // the speaker's connection
}

func openEviction(ctx context.Context, binary string, viewers int) (*eviction, error) {
	h := &eviction{stop: func() {}}
	var err error
	if binary, err = filepath.Abs(binary); err != nil {
		return h, err
	}
	if h.folder, err = os.MkdirTemp("", "podium-bench-"); err != nil {
		return h, err
	}
	h.stage, err = rig.StartStage(ctx, rig.StageOptions{Command: []string{binary}, Folder: h.folder, Settings: "store: none\nlog: error\n"})
	if err != nil {
		return h, err
	}
	if h.host, err = rig.Connect(ctx, h.stage.Address, evictMeeting, evictSpeaker); err != nil {
		return h, err
	}
	if err := h.connect(ctx); err != nil {
		return h, err
	}
	for n := range viewers {
		token, err := rig.Token(evictMeeting, fmt.Sprint("viewer-", n), "viewer")
		if err != nil {
			return h, err
		}
		v, err := rig.Listen(ctx, "http://"+h.stage.Address+"/v1/whep/"+evictMeeting+"/"+evictSpeaker, token)
		if err != nil {
			return h, err
		}
		h.viewers = append(h.viewers, v)
	}
	return h, nil
}

func (h *eviction) close() {
	for _, v := range h.viewers {
		v.Shut()
	}
	h.stop()
	if h.host != nil {
		h.host.Close()
	}
	if h.stage != nil {
		h.stage.Kill()
	}
	_ = os.RemoveAll(h.folder)
}

// connect brings the speaker into the meeting.
func (h *eviction) connect(ctx context.Context) error {
	token, err := rig.Token(evictMeeting, evictSpeaker, "panelist")
	if err != nil {
		return err
	}
	joined := make(chan struct{}, 8)
	h.speaker, err = client.New(client.Config{
		Server: "http://" + h.stage.Address, Token: func() (string, error) { return token, nil },
		Handle: func(r client.Report) {
			if _, ok := r.(client.Connected); ok {
				joined <- struct{}{}
			}
		},
	})
	if err != nil {
		return err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.speaker.Run(running) }()
	h.stop = func() { cancel(); <-ended }
	select {
	case <-joined:
		return nil
	case <-time.After(startLimit):
		return fmt.Errorf("%s could not join", evictSpeaker)
	}
}

// turn has the speaker heard by every viewer, and kicked.
func (h *eviction) turn(ctx context.Context) (k kick, err error) {
	if err := h.speaker.Call(ctx, stage.RequestAccess, nil, nil); err != nil {
		return k, err
	}
	var joined stage.StatusResult
	if err := h.speaker.Call(ctx, stage.Join, nil, &joined); err != nil {
		return k, err
	}
	before := make([]int64, len(h.viewers))
	for i, v := range h.viewers {
		before[i] = v.Packets()
	}
	p, err := publish(ctx, joined.Publish)
	if err != nil {
		return k, err
	}
	defer p.close()
	if err := h.heard(before); err != nil {
		return k, err
	}
	time.Sleep(rand.N(50 * time.Millisecond)) // a moment of its own in the rhythm of the packets
	k.kicked = time.Now()
	if err := h.host.Decide(ctx, stage.Kick); err != nil {
		return k, err
	}
	k.answered = time.Now()
	time.Sleep(afterKick)
	for _, v := range h.viewers {
		if at := v.Last(); at.After(k.last) {
			k.last = at
		}
	}
	return k, nil
}

// heard waits until each viewer has a few packets more.
func (h *eviction) heard(before []int64) error {
	limit := time.Now().Add(startLimit)
	for i, v := range h.viewers {
		for v.Packets() < before[i]+5 {
			if time.Now().After(limit) {
				return fmt.Errorf("viewer %d hears nothing", i+1)
			}
			time.Sleep(time.Millisecond)
		}
	}
	return nil
}
