package server_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server"
	"podium/stage/store"
)

// openFile opens the store of a test's own.
func openFile(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stop ends the house in order, as SIGTERM does.
func (h *house) stop(file *store.Store) {
	h.t.Helper()
	h.close()
	if err := file.Close(); err != nil {
		h.t.Error(err)
	}
}

// A server that starts again keeps statuses, the queue's order and ages, the
// settings and the record.
func TestRestartKeepsTheMeeting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stage.db")
	file := openFile(t, path)
	h := openHouseWith(t, server.Config{Store: file})
	boss, ann, bob, cat := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("bob", "podium"), h.enter("cat", "podium")
	bringOnStage(boss, cat, "cat")
	bob.want("stage.requestAccess", nil)
	ann.want("stage.requestAccess", nil)
	if f := boss.call("meeting.updateSettings", `{"queueLimit":7}`); f.Error != nil {
		t.Fatal(f.Error)
	}
	was := boss.want("stage.getAccessRequests", nil)
	h.stop(file)
	h.wantCalls("admit hall/cat", "evict hall/cat")

	file = openFile(t, path)
	h = openHouseWith(t, server.Config{Store: file})
	if n := h.meetings(); n != 1 {
		t.Errorf("%d meetings run after the restart, want 1", n)
	}
	boss = h.dial(h.token("boss", "host"))
	wantLike(t, boss.want("meeting.join", nil), `~"queueLimit":7~`)
	if is := boss.want("stage.getAccessRequests", nil); is != was {
		t.Errorf("the queue is\n%s, was\n%s", is, was)
	}
	cat = h.dial(h.token("cat", "podium"))
	wantLike(t, cat.want("meeting.join", nil), `{"self":{"userId":"cat",~"status":"ON_STAGE",~`)
	h.wantPlace(cat.want("stage.publish", nil), "token-1") // a turn's number is the process's own
	cat.want("stage.leave", nil)
	h.stop(file)

	file = openFile(t, path)
	h = openHouseWith(t, server.Config{Store: file})
	_, record := h.request("GET", "/v1/meetings/hall/record", h.token("boss", "host"), "")
	wantLike(t, strings.TrimSpace(record), `[{"userId":"cat",~"letInBy":"boss",~"endReason":"left"}]`)
	h.stop(file)
}

// Nobody comes back: the lease ends everything, and that is stored too.
func TestRestartGivesOneLease(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "stage.db")
	file := openFile(t, path)
	h := openHouseWith(t, server.Config{Store: file})
	h.enter("ann", "podium").want("stage.requestAccess", nil)
	h.stop(file)
	file = openFile(t, path)
	h = openHouseWith(t, server.Config{Store: file, Lease: 200 * time.Millisecond})
	eventually(t, "the lease has ended", func() bool { return h.meetings() == 0 })
	if saved, err := file.LoadMeeting("hall"); err != nil || len(saved.People) != 0 {
		t.Errorf("stored is %+v, %v", saved, err)
	}
	h.stop(file)
}

// Settings and record of a meeting that nobody is in stay, with a file and without.
func TestEmptyMeetingKeepsItsSettings(t *testing.T) {
	h := openHouse(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	boss.call("meeting.updateSettings", `{"stageLimit":3}`)
	bringOnStage(boss, ann, "ann")
	ann.want("meeting.leave", nil)
	boss.want("meeting.leave", nil)
	ann.cut()
	boss.cut()
	eventually(t, "the meeting is taken down", func() bool { return h.meetings() == 0 })
	wantLike(t, h.dial(h.token("ann", "podium")).want("meeting.join", nil), `~"stageLimit":3,~`)
	_, record := h.request("GET", "/v1/meetings/hall/record", h.token("boss", "host"), "")
	wantLike(t, strings.TrimSpace(record), `[{"userId":"ann",~"endReason":"left"}]`)
}

// gatedStore lets a test hold and fail the commits.
type gatedStore struct {
	server.Store
	mu      sync.Mutex
	gate    chan struct{} // a Save takes one; nil: it passes
	waiting chan struct{} // gets one as each Save begins
	failure error
	saves   int
}

func (g *gatedStore) Save(changes map[string]stage.Saved) error {
	g.mu.Lock()
	gate, failure := g.gate, g.failure
	g.saves++
	g.mu.Unlock()
	if gate != nil {
		g.waiting <- struct{}{}
		<-gate
	}
	if failure != nil {
		return failure
	}
	return g.Store.Save(changes)
}

func (g *gatedStore) set(gate chan struct{}, failure error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gate, g.failure = gate, failure
}

func openGated(t *testing.T) (*house, *gatedStore) {
	t.Helper()
	file := openFile(t, filepath.Join(t.TempDir(), "stage.db"))
	g := &gatedStore{Store: file, waiting: make(chan struct{}, 100)}
	h := openHouseWith(t, server.Config{Store: g})
	t.Cleanup(func() { h.stop(file) })
	return h, g
}

// While a commit hangs nobody hears of its step, nor of any step after it; but
// the steps themselves go on, and media is cut at once.
func TestNobodyHearsBeforeItIsStored(t *testing.T) {
	h, g := openGated(t)
	boss, ann, bob := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("bob", "podium")
	bringOnStage(boss, ann, "ann")
	boss.forget()
	bob.forget()
	gate := make(chan struct{})
	g.set(gate, nil)
	bob.send(`{"jsonrpc":"2.0","id":70,"method":"stage.requestAccess"}`)
	<-g.waiting
	h.engine.OnEvict(func(string, string) { g.waiting <- struct{}{} })
	boss.send(`{"jsonrpc":"2.0","id":71,"method":"stage.kick","params":{"userIds":["ann"]}}`)
	<-g.waiting // the eviction did not wait
	boss.send(`{"jsonrpc":"2.0","id":72,"method":"stage.getAccessRequests"}`)
	rest := make(chan string, 1)
	go func() {
		_, body := h.request("GET", "/v1/meetings/hall/requests", h.token("boss", "host"), "")
		rest <- body
	}()
	select {
	case f := <-boss.frames:
		t.Fatalf("the host heard %+v before it was stored", f)
	case f := <-bob.frames:
		t.Fatalf("the podium heard %+v before it was stored", f)
	case body := <-rest:
		t.Fatalf("REST answered %s before it was stored", body)
	case <-time.After(100 * time.Millisecond):
	}
	close(gate)
	if f := bob.answer(); string(f.ID) != "70" || f.Error != nil {
		t.Errorf("the podium was answered %+v", f)
	}
	for _, want := range []string{"71", "72"} {
		if f := boss.answer(); string(f.ID) != want || f.Error != nil {
			t.Errorf("the host was answered %+v, want %s", f, want)
		}
	}
	if got := boss.early[0].Method + " " + boss.early[1].Method; got != "stageAccessRequestUpdate newStageRequest" {
		t.Errorf("before that the host heard %s", got)
	}
	wantLike(t, strings.TrimSpace(<-rest), `[{~"userId":"bob",~}]`)
	g.set(nil, nil)
}

// Many steps that come while one is stored are stored together.
func TestStepsAreStoredTogether(t *testing.T) {
	h, g := openGated(t)
	var seats []*seat
	for _, user := range []string{"ann", "bob", "cat", "dan", "eve"} {
		seats = append(seats, h.enter(user, "podium"))
	}
	gate := make(chan struct{})
	g.set(gate, nil)
	seats[0].send(`{"jsonrpc":"2.0","id":1,"method":"stage.requestAccess"}`)
	<-g.waiting
	for _, s := range seats[1:] {
		s.send(`{"jsonrpc":"2.0","id":1,"method":"stage.requestAccess"}`)
	}
	body := make(chan string, 1)
	go func() { body <- mustBody(h.request("GET", "/v1/meetings/hall/requests", h.token("boss", "host"), "")) }()
	time.Sleep(50 * time.Millisecond) // they come in; if one is late there is one commit more
	gate <- struct{}{}
	g.set(nil, nil)
	close(gate)
	<-body
	for _, s := range seats {
		s.answer()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.saves > 4 {
		t.Errorf("%d commits for five presses", g.saves)
	}
}

func mustBody(_ int, body string) string { return body }

// A store that fails does not stop the stage. It is said, and everything is
// stored when it works again.
func TestStoreThatFails(t *testing.T) {
	h, g := openGated(t)
	ann, bob := h.enter("ann", "podium"), h.enter("bob", "podium")
	g.set(nil, errors.New("no space left on device"))
	ann.want("stage.requestAccess", nil)
	bob.want("stage.requestAccess", nil)
	bob.want("stage.cancelRequestAccess", nil)
	_, health := h.request("GET", "/healthz", "", "")
	wantLike(t, strings.TrimSpace(health), `{~"ready":false,~"store":"failing","storeError":"no space left on device","why":["what happens cannot be stored: no space left on device"]}`)
	if code, _ := h.request("GET", "/healthz?ready", "", ""); code != http.StatusServiceUnavailable {
		t.Errorf("whoever asks whether it is ready is answered %d", code)
	}
	if saved, _ := g.LoadMeeting("hall"); len(saved.People) != 0 {
		t.Errorf("stored while it failed: %+v", saved)
	}
	g.set(nil, nil)
	eventually(t, "the store is tried again", func() bool {
		_, health := h.request("GET", "/healthz", "", "")
		return strings.Contains(health, `"store":"ok"`)
	})
	saved, err := g.LoadMeeting("hall")
	if err != nil || len(saved.People) != 1 || saved.People[0].UserID != "ann" {
		t.Errorf("stored in the end: %+v, %v", saved, err)
	}
}

// What could not be stored at the end is said by Close.
func TestCloseSaysWhatIsNotStored(t *testing.T) {
	g := &gatedStore{Store: openFile(t, filepath.Join(t.TempDir(), "stage.db"))}
	t.Cleanup(func() { _ = g.Store.(*store.Store).Close() })
	h := openHouseWith(t, server.Config{Store: g})
	ann := h.enter("ann", "podium")
	g.set(nil, errors.New("no space left on device"))
	ann.want("stage.requestAccess", nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := h.stage.Close(ctx); err == nil || !strings.Contains(err.Error(), "cannot store the last changes of 1 meetings: no space left") {
		t.Errorf("closed with %v", err)
	}
	g.set(nil, nil)
}

func TestStoreThatCannotBeRead(t *testing.T) {
	file := openFile(t, filepath.Join(t.TempDir(), "stage.db"))
	h := openHouseWith(t, server.Config{Store: file})
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if status, body := h.request("GET", "/v1/meetings/hall/requests", h.token("boss", "host"), ""); status != 503 || !strings.Contains(body, "cannot read what is stored") {
		t.Errorf("answered %d %s", status, body)
	}
	if _, err := server.New(server.Config{Key: key, Engine: h.engine, Store: file}); err == nil {
		t.Error("started with a store that cannot be read")
	}
}
