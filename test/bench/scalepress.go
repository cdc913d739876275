package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"podium/stage"
	"podium/test/rig"
)

// floor is who takes part in the full hall: a host, and the podiums that press.
type floor struct {
	host  *link
	seats []*link
	heard chan heardPress
}

func (h *hall) takeFloor() (*floor, error) {
	f := &floor{heard: make(chan heardPress, 2*h.presses+pressers)}
	var err error
	if f.host, err = enterAs(h.address, "boss", "host", 0); err != nil {
		return nil, err
	}
	for n := range pressers {
		l, err := enterAs(h.address, presser(n), "podium", n)
		if err != nil {
			f.leave()
			return nil, err
		}
		f.seats = append(f.seats, l)
		go drain(l)
	}
	go listen(f.host, f.heard)
	return f, nil
}

func (f *floor) leave() {
	for _, l := range append(f.seats, f.host) {
		_ = l.conn.Close()
	}
}

// press has podiums of the full hall press in turn, and measures when a host hears;
// first while everybody listens, then while the whole crowd is lost at once.
func (h *hall) press() ([]figure, error) {
	f, err := h.takeFloor()
	if err != nil {
		return nil, err
	}
	defer f.leave()
	time.Sleep(settle)
	var times rig.Times
	cpu, err := h.cpuOver(func() (err error) { times, err = h.pressInTurn(f, h.presses); return err })
	figures := []figure{{
		fmt.Sprintf("press to a host among %d podiums and %d viewers", h.podiums, h.viewers), times.String(), "under 100 ms p99",
		fmt.Sprintf("the call to newStageRequest, at %g presses and as many cancels a second, each told to everybody; the server used %s", h.rate, cpu),
	}}
	if err != nil {
		return figures, err
	}
	ended, err := h.end()
	if err != nil {
		return figures, err
	}
	times, err = h.pressInTurn(f, int(h.lost.Seconds()*h.rate))
	return append(append(figures, ended...), figure{
		"the same while all of them are lost at once", times.String(), "",
		fmt.Sprintf("their connections end, their leases after 5 s, over %v", h.lost),
	}), err
}

// lostFor is how long the loss of the crowd is watched: its connections' ends, and
// the ends of their leases.
const lostFor = 12 * time.Second

// settle is how long the hall may take to hear that the pressers have come.
const settle = 3 * time.Second

func presser(n int) string { return fmt.Sprintf("presser-%d", n) }

// pressInTurn keeps the rate whatever the answers take.
func (h *hall) pressInTurn(f *floor, presses int) ([]time.Duration, error) {
	interval := time.Duration(float64(time.Second) / h.rate)
	tick := time.NewTicker(interval / 2)
	defer tick.Stop()
	sent := map[string]time.Time{}
	var times rig.Times
	for n := 0; n < 2*presses; n++ {
		<-tick.C
		seat := n / 2 % len(f.seats)
		method := stage.RequestAccess
		if n%2 == 1 {
			method = stage.CancelRequestAccess
		} else {
			sent[presser(seat)] = time.Now()
		}
		if err := f.seats[seat].call(n+2, string(method)); err != nil {
			return times, err
		}
		for len(f.heard) > 0 {
			p := <-f.heard
			times = append(times, p.at.Sub(sent[p.user]))
		}
	}
	for limit := time.After(startLimit); len(times) < presses; {
		select {
		case p := <-f.heard:
			times = append(times, p.at.Sub(sent[p.user]))
		case <-limit:
			return times, fmt.Errorf("the host heard %d of %d presses", len(times), presses)
		}
	}
	return times, nil
}

// heardPress is a press as the host heard of it.
type heardPress struct {
	user string
	at   time.Time
}

func listen(host *link, heard chan<- heardPress) {
	want := []byte(`{"jsonrpc":"2.0","method":"` + string(stage.EventNewRequest) + `"`)
	head := make([]byte, 4096)
	for {
		text, err := host.next(head)
		if err != nil {
			return
		}
		if !bytes.HasPrefix(text, want) {
			continue
		}
		at := time.Now()
		var m struct{ Params stage.NewRequest }
		if json.Unmarshal(text, &m) == nil {
			heard <- heardPress{m.Params.Request.UserID, at}
		}
	}
}

func drain(l *link) {
	var head [8]byte
	for {
		if _, err := l.next(head[:]); err != nil {
			return
		}
	}
}
