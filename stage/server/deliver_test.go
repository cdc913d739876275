package server

import (
	"testing"

	"podium/stage"
)

// What is for hosts only reaches those who may decide, and the others get the
// plain form.
func TestDeliverHostParams(t *testing.T) {
	a := listeners{crier: &crier{}}
	tell := func(n stage.Notice) { a.tell(newBulletin(n)) }
	for peer, preset := range map[string]string{"p1": "host", "p2": "podium", "p3": "viewer"} {
		c := &conn{out: outbox{limit: 1 << 10, writing: true}, claims: Claims{Preset: stage.Presets[preset]}}
		c.claims.Subject = preset
		c.peerID = peer
		a.enter(c)
	}
	secret := stage.Removed{Reason: "why"}
	tell(stage.Notice{To: stage.ToAll, Event: "e", Params: stage.Removed{}, HostParams: secret})
	tell(stage.Notice{To: stage.ToPeer, PeerID: "p1", Event: "e", Params: stage.Removed{}, HostParams: secret})
	tell(stage.Notice{To: stage.ToPeer, PeerID: "p2", Event: "e", Params: stage.Removed{}, HostParams: secret})
	tell(stage.Notice{To: stage.ToOthers, UserID: "viewer", Event: "e", Params: stage.Removed{}})
	plain := `{"jsonrpc":"2.0","method":"e","params":{"reason":""}}`
	full := `{"jsonrpc":"2.0","method":"e","params":{"reason":"why"}}`
	for peer, want := range map[string][]string{"p1": {full, full, plain}, "p2": {plain, plain, plain}, "p3": {plain}} {
		got := a.peers[peer].out.pieces
		if len(got) != len(want) {
			t.Fatalf("%s got %q, want %q", peer, got, want)
		}
		for i, w := range want {
			if string(got[i]) != string(text([]byte(w))[0]) {
				t.Errorf("frame %d of %s is %q, want %q", i, peer, got[i], w)
			}
		}
	}
}
