package restart

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"podium/stage"
)

// hall is everybody who acts.
type hall struct {
	t      *testing.T
	stage  *stageProcess
	actors []*actor
	chair  *chair
	clock  atomic.Uint64 // orders what is sent and acknowledged
	acks   atomic.Int64
	enough chan struct{} // filled when so many steps were acknowledged as the kill waits for
}

const podiums = 8

func newHall(t *testing.T, seed uint64) *hall {
	h := &hall{t: t, stage: newStageProcess(t), enough: make(chan struct{}, 1)}
	for n := range podiums {
		h.actors = append(h.actors, &actor{
			hall: h, user: fmt.Sprintf("podium-%d", n), random: rand.New(rand.NewPCG(seed, uint64(n))),
			status: stage.OffStage, next: stage.OffStage,
		})
	}
	h.chair = &chair{hall: h, random: rand.New(rand.NewPCG(seed, podiums)), warning: 30_000, next: 30_000}
	return h
}

func (h *hall) now() uint64 { return h.clock.Add(1) }

func (h *hall) acknowledged() {
	if h.acks.Add(-1) == 0 {
		h.enough <- struct{}{}
	}
}

// round has everybody act until the service is killed: at a random moment, or
// with the n-th acknowledgement from now.
func (h *hall) round(random *rand.Rand) {
	h.t.Helper()
	h.acks.Store(-1)
	moment := time.After(patience)
	if random.IntN(2) == 0 {
		moment = time.After(time.Duration(random.IntN(300_000)) * time.Microsecond)
	} else {
		h.acks.Store(1 + random.Int64N(300))
	}
	var group sync.WaitGroup
	run := func(who string, act func() error) {
		group.Go(func() {
			if err := act(); err != nil {
				h.t.Errorf("%s was refused: %v", who, err)
			}
		})
	}
	for _, a := range h.actors {
		run(a.user, a.act)
	}
	run("chair", h.chair.act)
	select {
	case <-moment:
	case <-h.enough:
	}
	h.stage.kill()
	group.Wait()
	select {
	case <-h.enough:
	default:
	}
	h.hangUp()
}

func (h *hall) hangUp() {
	for _, a := range h.actors {
		_ = a.podium.ws.Close()
		_ = a.host.ws.Close()
	}
	_ = h.chair.host.ws.Close()
}

// record counts the ended turns by user, as REST tells them.
func (h *hall) record() map[string]int {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://"+h.stage.address+"/v1/meetings/"+meeting+"/record", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token(h.t, "chair", "host"))
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	var entries []stage.Entry
	if err := json.NewDecoder(response.Body).Decode(&entries); err != nil || response.StatusCode != http.StatusOK {
		h.t.Fatalf("the record is answered %d, %v", response.StatusCode, err)
	}
	ended := map[string]int{}
	for _, e := range entries {
		if e.OffStageAt != nil {
			ended[e.UserID]++
		}
	}
	return ended
}
