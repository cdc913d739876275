package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"podium/stage"
)

// press has podiums of the full hall press in turn, and measures when a host hears.
func (h *hall) press() ([]figure, error) {
	host, err := enterAs(h.address, "boss", "host", 0)
	if err != nil {
		return nil, err
	}
	defer host.conn.Close()
	var seats []*link
	defer func() {
		for _, l := range seats {
			_ = l.conn.Close()
		}
	}()
	for n := range pressers {
		l, err := enterAs(h.address, presser(n), "podium", n)
		if err != nil {
			return nil, err
		}
		seats = append(seats, l)
		go drain(l)
	}
	time.Sleep(settle)
	heard := make(chan heardPress, h.presses+pressers)
	go listen(host, heard)
	var times []time.Duration
	cpu, err := h.cpuOver(func() (err error) { times, err = h.pressInTurn(seats, heard); return err })
	return []figure{{
		fmt.Sprintf("press to a host among %d podiums and %d viewers", h.podiums, h.viewers), spread(times), "under 100 ms p99",
		fmt.Sprintf("the call to newStageRequest, at %g presses and as many cancels a second, each told to everybody; the server used %s", h.rate, cpu),
	}}, err
}

// settle is how long the hall may take to hear that the pressers have come.
const settle = 3 * time.Second

func presser(n int) string { return fmt.Sprintf("presser-%d", n) }

// pressInTurn keeps the rate whatever the answers take.
func (h *hall) pressInTurn(seats []*link, heard <-chan heardPress) ([]time.Duration, error) {
	interval := time.Duration(float64(time.Second) / h.rate)
	tick := time.NewTicker(interval / 2)
	defer tick.Stop()
	sent := map[string]time.Time{}
	var times []time.Duration
	for n := 0; n < 2*h.presses; n++ {
		<-tick.C
		seat := n / 2 % len(seats)
		method := stage.RequestAccess
		if n%2 == 1 {
			method = stage.CancelRequestAccess
		} else {
			sent[presser(seat)] = time.Now()
		}
		if err := seats[seat].call(n+2, string(method)); err != nil {
			return times, err
		}
		for len(heard) > 0 {
			p := <-heard
			times = append(times, p.at.Sub(sent[p.user]))
		}
	}
	for limit := time.After(startLimit); len(times) < h.presses; {
		select {
		case p := <-heard:
			times = append(times, p.at.Sub(sent[p.user]))
		case <-limit:
			return times, fmt.Errorf("the host heard %d of %d presses", len(times), h.presses)
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
