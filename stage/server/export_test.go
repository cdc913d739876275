package server

// SetOutbound bounds what may wait for each later connection, in bytes.
func (s *Server) SetOutbound(bytes int) { s.outbound = bytes }

// Open counts the connections.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}
