package publish

import (
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"
)

// nudges are the pauses after which Pion's ICE agent is made to look at its
// checks. Left alone it nominates a pair only when the other side checks too,
// which an ICE-lite server never does (RFC 8445, section 2.5), or at its next
// tick, 200 ms later: as long as the rest of the way from a grant to a picture.
var nudges = []time.Duration{
	2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond,
	20 * time.Millisecond, 40 * time.Millisecond, 80 * time.Millisecond,
}

// nudge hurries the connection until it is up or ended.
func (p *peer) nudge(ended <-chan struct{}) {
	for i, pause := range nudges {
		select {
		case <-p.up:
			return
		case <-ended:
			return
		case <-time.After(pause):
		}
		// A new remote candidate makes the agent look. This one is of a kind that
		// is not used here (TCP) and of no real address (RFC 5737), so no pair is
		// made of it and nothing is ever sent to it.
		_ = p.pc.AddICECandidate(webrtc.ICECandidateInit{ // a closed connection needs no hurry
			Candidate: fmt.Sprintf("candidate:nudge 1 tcp 1 192.0.2.1 %d typ host tcptype passive", 9+i),
		})
	}
}
