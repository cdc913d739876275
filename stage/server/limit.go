package server

import (
	"net/http"
	"time"

	"podium/stage/door"
)

// The limits of what one caller may do. Who comes by an address is counted apart
// from who comes with a token: behind one NAT there may be a whole hall, 11,500
// people who all come back at once when the power does.
var (
	// callRate is the floods' limit of the contract: at least 100 calls at once and
	// 20 a second.
	callRate = door.Rate{PerSecond: 25, Burst: 120}
	// connectRate is of one participant: a podium that is cut off comes back after
	// 50 ms at first, and later at most once a second.
	connectRate = door.Rate{PerSecond: 6, Burst: 60}
	// arrivalRate is of one address: a full hall at once, and again 10 s later.
	arrivalRate = door.Rate{PerSecond: 2000, Burst: 20_000}
	// watchRate is of one participant, who may see a wall of speakers and load it anew.
	watchRate = door.Rate{PerSecond: 4, Burst: 60}
	// failureRate is of one address: a hall whose tokens have all run out is told
	// so, and what goes on beyond that is told to wait. A good token is taken all
	// the while.
	failureRate = door.Rate{PerSecond: 50, Burst: 2000}
	// complaintRate is how often the log tells of an address whose tokens fail.
	complaintRate = door.Rate{PerSecond: 1. / 60, Burst: 1}
)

const (
	// maxCallers bounds how many callers, and how many addresses, are remembered.
	maxCallers = 4096
	// maxArrivals bounds how many participants' comings are remembered: a hall's.
	maxArrivals = 16_384
	// DefaultConnectionsPerParticipant is how many WebSockets a userId may have. A
	// podium has one and in the worst case a few that are dying; a link with one
	// token may have been given to a room of people.
	DefaultConnectionsPerParticipant = 64
)

// caller is a participant, whatever the connection.
type caller struct{ meeting, userID string }

func (c Claims) caller() caller { return caller{c.Meeting, c.Subject} }

// limits are those that hold over all connections.
type limits struct {
	calls      *door.Rates[caller] // over REST, where there is no connection to count at
	connects   *door.Rates[caller]
	watches    *door.Rates[caller]
	arrivals   *door.Rates[door.Address]
	failures   *door.Rates[door.Address]
	complaints *door.Rates[door.Address]
	guesses    *door.Rates[door.Address] // of codes
	codes      *door.Rates[caller]       // that are made
	seats      door.Counts[caller]       // WebSockets
}

func newLimits(perParticipant int) *limits {
	if perParticipant == 0 {
		perParticipant = DefaultConnectionsPerParticipant
	}
	return &limits{
		calls:      door.NewRates[caller](callRate, maxCallers),
		connects:   door.NewRates[caller](connectRate, maxArrivals),
		watches:    door.NewRates[caller](watchRate, maxCallers),
		arrivals:   door.NewRates[door.Address](arrivalRate, maxCallers),
		failures:   door.NewRates[door.Address](failureRate, maxCallers),
		complaints: door.NewRates[door.Address](complaintRate, maxCallers),
		codes:      door.NewRates[caller](codeRate, maxCallers),
		guesses:    door.NewRates[door.Address](guessRate, maxCallers),
		seats:      door.Counts[caller]{Most: perParticipant},
	}
}

// fullWait is when to come back to what is full now: about when the server knows
// that a lost connection is lost.
const fullWait = 5 * time.Second

// takeSeat counts one more WebSocket of a participant, or answers 429 and reports
// false. giveSeat takes it back.
func (s *Server) takeSeat(w http.ResponseWriter, r *http.Request, c Claims) bool {
	if wait := s.limits.connects.Take(c.caller()); wait > 0 {
		writeRefusal(w, wayTooMany("too many connections", wait))
		return false
	}
	if wait := s.limits.arrivals.Take(door.From(r)); wait > 0 {
		writeRefusal(w, wayTooMany("too many connections from your address", wait))
		return false
	}
	if !s.limits.seats.Take(c.caller()) {
		writeRefusal(w, wayTooMany("too many connections of this user at once (limits.connectionsPerParticipant): close one", fullWait))
		return false
	}
	return true
}

func (s *Server) giveSeat(c Claims) { s.limits.seats.Give(c.caller()) }

// failed counts a token that was not taken, and gives how long its address has to
// wait until it is told why again; 0: it is told.
func (s *Server) failed(r *http.Request) time.Duration {
	from := door.From(r)
	wait := s.limits.failures.Take(from)
	if wait > 0 && s.limits.complaints.Take(from) == 0 {
		s.log.Warn("many tokens refused; good ones are taken all the while", "address", from.String())
	}
	return wait
}
