package server

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"podium/stage"
)

// The shared list says what encoding it anew would say, whoever comes, goes or
// changes.
func TestRollIsCurrent(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var r roll
	people := map[string]stage.Participant{}
	for range 2000 {
		user := fmt.Sprintf("user-%d", random.IntN(12))
		switch random.IntN(4) {
		case 0:
			delete(people, user)
		case 1:
			people[user] = stage.Participant{UserID: user, Status: stage.Accepted, TurnState: &stage.TurnState{By: fmt.Sprint(random.IntN(3))}}
		default:
			people[user] = stage.Participant{UserID: user, DisplayName: fmt.Sprint(random.IntN(3)), Status: stage.OffStage}
		}
		list := []stage.Participant{}
		for _, p := range people {
			list = append(list, p)
		}
		slices.SortFunc(list, func(a, b stage.Participant) int { return strings.Compare(a.UserID, b.UserID) })
		if got := r.of(list); string(got) != string(encode(list)) {
			t.Fatalf("the roll is\n%s, want\n%s", got, encode(list))
		}
		if again := r.of(list); len(list) > 0 && &again[0] != &r.data[0] {
			t.Fatal("the same list was encoded twice")
		}
	}
}

// The answer made of shared parts is the answer that encoding gives.
func TestJoinedAnswerIsWhole(t *testing.T) {
	c := &conn{meeting: &meeting{parcel: &parcel{}}, out: outbox{limit: 1 << 20, writing: true}}
	requests := []stage.Request{}
	for _, n := range []int{0, 3, 500} { // small ones are copied together, large ones share
		joined := stage.Joined{
			Self: stage.Participant{UserID: "ann", Status: stage.OffStage}, Participants: []stage.Participant{},
			ViewerCount: 3, StageRequests: &requests, LeaseMs: 5000, Settings: stage.DefaultSettings(), PublisherPeerID: "peer",
		}
		for i := range n {
			joined.Participants = append(joined.Participants, stage.Participant{UserID: fmt.Sprintf("user-%03d", i), Status: stage.OffStage})
		}
		c.out.pieces, c.meeting.parcel.acts = nil, nil
		c.replyJoined(rpcRequest{ID: json.RawMessage("7")}, joined)
		c.meeting.parcel.acts[0](nil)
		var whole []byte
		for _, piece := range c.out.pieces {
			whole = append(whole, piece...)
		}
		want := answer(json.RawMessage("7"), joined, nil)
		if got := whole[len(header(len(want))):]; !sameJSON(t, got, want) || len(got) != len(want) {
			t.Errorf("the answer is\n%s, want\n%s", got, want)
		}
	}
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}
