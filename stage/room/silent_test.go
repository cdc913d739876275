package room

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/stage"
)

// diary is a log that can be read while it is written.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) has(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Contains(d.text.String(), text)
}

// TestASilentPublisherIsCutForItsSilence: it is the first lease of silence that
// cuts, and not the failure of the connection, which ICE sees a lease later.
func TestASilentPublisherIsCutForItsSilence(t *testing.T) {
	log := &diary{}
	h := newHall(t, Config{Lease: time.Second, Log: slog.New(slog.NewTextHandler(log, nil))})
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	newPublisher(h, conn).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "on air", func() bool { return len(h.aired("ada")) == 1 })
	_ = conn.Close()
	eventually(t, "the cut", func() bool { return log.has("publication cut") })
	if !log.has(`reason="nothing heard for 1s"`) {
		t.Errorf("cut for another reason:\n%s", log.text.String())
	}
}

// TestEvictWaitsForThePacketOnItsWay: whoever evicts may rely on it that nothing
// of the user goes out any more, not even what was on its way.
func TestEvictWaitsForThePacketOnItsWay(t *testing.T) {
	h := newHall(t, Config{Lease: time.Hour})
	if w := h.serve(http.MethodPost, "/v1/whip/hall", h.admit(turn("ada", 1)), newPublisher(h, nil).offer); w.Code != http.StatusCreated {
		t.Fatalf("the offer is answered %d %s", w.Code, w.Body)
	}
	lane := h.publication("ada").slot.lanes[stage.Video]
	entered, sent, evicted := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var passing sync.WaitGroup
	passing.Go(func() {
		_, _ = lane.pass(uint16(lane.floor.Load()), func() (int, error) { close(entered); <-sent; return 1, nil })
	})
	<-entered
	go func() { h.room.Evict("hall", "ada"); close(evicted) }()
	select {
	case <-evicted:
		t.Error("Evict returned while a packet was on its way")
	case <-time.After(50 * time.Millisecond):
	}
	close(sent)
	<-evicted
	passing.Wait()
	_, _ = lane.pass(uint16(lane.floor.Load()), func() (int, error) { t.Error("a packet left after Evict"); return 0, nil })
}
