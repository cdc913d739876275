package publish

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// ShutGate shuts the gate of the running publication and leaves its connection
// as it is: what is left to see is the gate alone.
func (p *Publisher) ShutGate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	<-p.current.gate.shut(Closed)
}

// Gate gives what tells whether the gate of the running publication lets packets
// through, now and later.
func (p *Publisher) Gate() (isOpen func() bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gate := p.current.gate
	return func() bool { return gate.closedFor() == "" }
}

// Reopen tries to open the gate of the running publication.
func (p *Publisher) Reopen() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current.gate.open(time.Now().Add(time.Hour))
	p.current.gate.renew(time.Now().Add(time.Hour))
}

// Configure changes the connections of later publications.
func (p *Publisher) Configure(change func(*webrtc.SettingEngine)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.settings)
}
