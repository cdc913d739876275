package stage

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// The list that is kept is at every moment the one that would be made anew.
func TestKeptListIsCurrent(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := NewMeeting(Options{Settings: DefaultSettings(), Lease: 5 * time.Second})
	boss := Actor{UserID: "boss", Preset: Presets["host"]}
	presets := []string{"podium", "podium", "panelist", "viewer", "host"}
	peers, kept := 0, 0
	for range 20_000 {
		now = now.Add(time.Duration(random.IntN(800)) * time.Millisecond)
		user := fmt.Sprintf("user-%d", random.IntN(9))
		peer := fmt.Sprint(random.IntN(peers + 1))
		before := m.listed
		var joined *Joined
		switch random.IntN(9) {
		case 0, 1:
			peers++
			j, _ := m.Join(Peer{PeerID: fmt.Sprint(peers), UserID: user, DisplayName: peer, Preset: Presets[presets[random.IntN(len(presets))]]}, now)
			joined = &j
		case 2:
			m.Leave(peer, now)
		case 3:
			m.Lost(peer, now)
		case 4:
			_, _, _ = m.Own(peer, []Method{RequestAccess, Join, Join, CancelRequestAccess, Leave}[random.IntN(5)], now)
		case 5:
			_, _, _ = m.Host(boss, []Method{GrantAccess, GrantAccess, DenyAccess, Kick}[random.IntN(4)], Targets{UserIDs: []string{user}}, now)
		case 6:
			m.SetOnAir(user, random.IntN(2) == 0, now)
		case 7:
			_, _, _ = m.SetPriority(boss, random.IntN(2) == 0, now)
		case 8:
			limit := int64(random.IntN(3)) * 10_000
			_, _, _ = m.UpdateSettings(boss, SettingsPatch{SpeakingTimeMs: &limit}, now)
		}
		m.Tick(now)
		if joined != nil && !reflect.DeepEqual(joined.Self, find(joined.Participants, joined.Self.UserID)) && Presets[joined.Self.Preset].Listed {
			t.Fatalf("%s is told %+v of itself, and the list %+v", joined.Self.UserID, joined.Self, joined.Participants)
		}
		if got, want := m.Participants(), m.list(); !reflect.DeepEqual(got, want) {
			t.Fatalf("kept is\n%+v, it would be\n%+v", got, want)
		}
		if len(before) > 0 && &before[0] == &m.Participants()[0] {
			kept++
		}
	}
	if kept < 2000 {
		t.Errorf("the list was kept only %d times", kept)
	}
}

func find(list []Participant, user string) Participant {
	for _, p := range list {
		if p.UserID == user {
			return p
		}
	}
	return Participant{}
}
