package server

import "slices"

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
