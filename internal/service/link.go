package service

import (
	"encoding/json"
	"errors"
	"log/slog"

	"podium/appliance"
	"podium/stage"
	"podium/stage/client"
)

// link translates between the connection to the stage and the podium's loop.
type link struct {
	client *client.Client
	podium *appliance.Podium
	log    *slog.Logger
}

// Go meets appliance.Stage.
func (l *link) Go(method stage.Method, done func(stage.StatusResult, error)) {
	l.client.Go(method, nil, func(raw json.RawMessage, err error) {
		var result stage.StatusResult
		if err == nil {
			err = json.Unmarshal(raw, &result)
		}
		if errors.Is(err, client.ErrNotConnected) {
			err = appliance.ErrInterrupted
		}
		done(result, err)
	})
}

// handle brings a report of the connection to the loop. A loop that has ended
// needs no more events.
func (l *link) handle(r client.Report) {
	switch r := r.(type) {
	case client.Connected:
		l.tell(appliance.Connected{Joined: r.Joined})
		l.tell(appliance.Fault{Part: appliance.PartServer})
	case client.Disconnected:
		l.tell(appliance.Disconnected{Why: r.Err.Error()})
		var refused *client.RefusedError
		if errors.As(r.Err, &refused) {
			l.tell(appliance.Fault{Part: appliance.PartServer, Text: r.Err.Error()})
		}
	case client.Heard:
		l.tell(appliance.Heard{})
	case client.Notification:
		l.notify(r)
	}
}

// notify translates the events that concern this podium itself.
func (l *link) notify(n client.Notification) {
	switch n.Event {
	case stage.EventStatus:
		var u stage.StatusUpdate
		if l.decode(n, &u) {
			l.tell(appliance.StatusChanged{StatusUpdate: u})
		}
	case stage.EventRejected, stage.EventRemoved:
		var r stage.Rejected
		if l.decode(n, &r) {
			l.tell(appliance.TurnedDown{Reason: r.Reason})
		}
	case stage.EventPosition:
		var p stage.Position
		if l.decode(n, &p) {
			l.tell(appliance.Moved{Position: p.Position})
		}
	}
}

func (l *link) decode(n client.Notification, into any) bool {
	err := json.Unmarshal(n.Params, into)
	if err != nil {
		l.log.Warn("cannot read an event of the stage server", "event", n.Event, "err", err)
	}
	return err == nil
}

func (l *link) tell(e appliance.Event) { _ = l.podium.Tell(e) }
