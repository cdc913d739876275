package stage_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/stage"
)

const lease = 5 * time.Second

// start is the moment at which every hall opens.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// hall drives one meeting by hand: time stands still until wait.
type hall struct {
	t      *testing.T
	rules  *stage.Meeting
	now    time.Time
	joined int
	last   stage.Outcome // of the last step
}

func newHall(t *testing.T) *hall {
	t.Helper()
	return &hall{t: t, now: start, rules: stage.NewMeeting(stage.Options{
		Name: "hall", Lease: lease, Settings: stage.Settings{StageEnabled: true},
	})}
}

// join lets a user in with a ready-made preset, and gives the peerId.
func (h *hall) join(userID, preset string) string {
	h.t.Helper()
	p, ok := stage.Presets[preset]
	if !ok {
		h.t.Fatalf("no preset %q", preset)
	}
	return h.joinAs(userID, p)
}

func (h *hall) joinAs(userID string, p stage.Preset) string {
	h.joined++
	peer := fmt.Sprintf("%s#%d", userID, h.joined)
	_, h.last = h.rules.Join(stage.Peer{PeerID: peer, UserID: userID, DisplayName: "Name of " + userID, Preset: p}, h.now)
	return peer
}

// own calls one of the own methods and wants it done.
func (h *hall) own(peer string, method stage.Method) {
	h.t.Helper()
	_, out, err := h.rules.Own(peer, method, h.now)
	if err != nil {
		h.t.Fatalf("%s by %s: %v", method, peer, err)
	}
	h.last = out
}

// host calls a host method and wants it done for all.
func (h *hall) host(by string, method stage.Method, userIDs ...string) {
	h.t.Helper()
	results := h.tryHost(by, method, userIDs...)
	for _, r := range results {
		if !r.OK {
			h.t.Fatalf("%s on %s: %d %s", method, r.UserID, r.Code, r.Message)
		}
	}
}

func (h *hall) tryHost(by string, method stage.Method, userIDs ...string) []stage.TargetResult {
	h.t.Helper()
	results, out, err := h.rules.Host(stage.Actor{UserID: by, Preset: stage.Presets["host"]}, method, stage.Targets{UserIDs: userIDs}, h.now)
	if err != nil {
		h.t.Fatalf("%s by %s: %v", method, by, err)
	}
	h.last = out
	return results
}

func (h *hall) leave(peer string) { h.last = h.rules.Leave(peer, h.now) }
func (h *hall) lose(peer string)  { h.last = h.rules.Lost(peer, h.now) }

// wait lets time pass without a tick.
func (h *hall) wait(d time.Duration) { h.now = h.now.Add(d) }

// tick lets time pass and tells the rules.
func (h *hall) tick(d time.Duration) {
	h.wait(d)
	h.last = h.rules.Tick(h.now)
}

// bring takes a user to a status. The host "boss" decides.
func (h *hall) bring(peer, userID string, to stage.Status) {
	h.t.Helper()
	switch to {
	case stage.Requested:
		h.own(peer, stage.RequestAccess)
	case stage.Accepted:
		h.host("boss", stage.GrantAccess, userID)
	case stage.OnStage:
		h.host("boss", stage.GrantAccess, userID)
		h.own(peer, stage.Join)
	}
}

// wantStatus wants a user's status.
func (h *hall) wantStatus(userID string, want stage.Status) {
	h.t.Helper()
	if got := h.rules.Status(userID); got != want {
		h.t.Errorf("status of %s is %s, want %s", userID, got, want)
	}
}

// wantNotices wants exactly these notices of the last step, in order, each as
// "audience event {params}". Params are the wire's JSON; "..." stands for any.
func (h *hall) wantNotices(want ...string) {
	h.t.Helper()
	got := h.notices()
	same := slices.EqualFunc(got, want, func(g, w string) bool {
		if head, cut := strings.CutSuffix(w, "..."); cut {
			return strings.HasPrefix(g, head)
		}
		return g == w
	})
	if !same {
		h.t.Errorf("notices are\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func (h *hall) notices() []string {
	list := []string{}
	for _, n := range h.last.Notices {
		params, err := json.Marshal(n.Params)
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s %s %s", audience(n), n.Event, params))
	}
	return list
}

func audience(n stage.Notice) string {
	switch n.To {
	case stage.ToUser:
		return n.UserID
	case stage.ToPeer:
		return n.PeerID
	case stage.ToHosts:
		return "hosts"
	case stage.ToOthers:
		return "not-" + n.UserID
	default:
		return "all"
	}
}

// wantEvicted wants exactly these users' media cut by the last step.
func (h *hall) wantEvicted(want ...string) {
	h.t.Helper()
	if !slices.Equal(h.last.Evict, want) {
		h.t.Errorf("evicted %v, want %v", h.last.Evict, want)
	}
}

// set changes settings of the meeting, by the host "boss".
func (h *hall) set(p stage.SettingsPatch) {
	h.t.Helper()
	if err := p.Check(); err != nil {
		h.t.Fatal(err)
	}
	_, out, err := h.rules.UpdateSettings(stage.Actor{UserID: "boss", Preset: stage.Presets["host"]}, p, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	h.last = out
}

// refused calls one of the own methods and wants it refused without a trace.
func (h *hall) refused(peer string, method stage.Method, code stage.Code) *stage.Error {
	h.t.Helper()
	checked := h.rules.Check(peer, method, h.now)
	_, out, err := h.rules.Own(peer, method, h.now)
	wantCode(h.t, checked, code)
	wantCode(h.t, err, code)
	h.last = out
	h.wantNotices()
	return err
}

func (h *hall) chair(held bool) {
	h.t.Helper()
	_, out, err := h.rules.SetPriority(stage.Actor{UserID: "boss", DisplayName: "The Chair", Preset: stage.Presets["host"]}, held, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	h.last = out
}

// turnOf gives what is shown of a user's turn.
func (h *hall) turnOf(userID string) stage.TurnState {
	h.t.Helper()
	for _, p := range h.rules.Participants() {
		if p.UserID == userID && p.TurnState != nil {
			return *p.TurnState
		}
	}
	h.t.Fatalf("%s has no turn", userID)
	return stage.TurnState{}
}

func to[T any](value T) *T { return &value }
