package server

import (
	"slices"

	"podium/stage/door"
)

// Routes lists the HTTP surface but for the pages, as "GET /path".
func (s *Server) Routes() []string {
	var list []string
	for _, r := range s.routes() {
		list = append(list, r.verb+" "+r.path)
	}
	slices.Sort(list)
	return list
}

// SetOutbound bounds what may wait for each later connection, in bytes.
func (s *Server) SetOutbound(bytes int) { s.outbound = bytes }

// Open counts the connections.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Hold takes a running meeting's lock, as rules that hang would, until release.
func (s *Server) Hold(meeting string) (release func()) {
	m := s.find(meeting)
	m.mu.Lock()
	return m.mu.Unlock
}

// Backlog gives how many bytes wait for a user's connections.
func (s *Server) Backlog(userID string) (bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		if c.claims.Subject == userID {
			c.out.mu.Lock()
			bytes += c.out.bytes
			c.out.mu.Unlock()
		}
	}
	return bytes
}

// SetFailures replaces the limit of refused tokens: so many at once, and one more
// an hour.
func (s *Server) SetFailures(burst int) {
	s.limits.failures = door.NewRates[door.Address](door.Rate{PerSecond: 1. / 3600, Burst: burst}, maxCallers)
}

// SetArrivals is SetFailures for the connections of an address.
func (s *Server) SetArrivals(burst int) {
	s.limits.arrivals = door.NewRates[door.Address](door.Rate{PerSecond: 1. / 3600, Burst: burst}, maxCallers)
}
