package service

import (
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"podium/appliance"
	"podium/internal/steady"
	"podium/internal/trust"
	"podium/stage"
	"podium/stage/client"
)

// link translates between the connection to the stage and the podium's loop.
type link struct {
	client *client.Client
	podium *appliance.Podium
	userID string // the podium's own
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
		l.tell(appliance.Connected{Joined: r.Joined, At: steady.Now()})
		l.tell(appliance.Fault{Part: appliance.PartServer})
	case client.Disconnected:
		l.tell(appliance.Disconnected{Why: r.Err.Error()})
		var refused *client.RefusedError
		if errors.As(r.Err, &refused) || trust.IsAbout(r.Err) {
			l.tell(appliance.Fault{Part: appliance.PartServer, Text: advised(r.Err)})
		}
	case client.Heard:
		l.tell(appliance.Heard{At: steady.Now()})
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
	default:
		l.notifyExtra(n)
	}
}

// notifyExtra translates the extras of the stage. What this podium does not know
// is for others, or for a later version.
func (l *link) notifyExtra(n client.Notification) {
	switch n.Event {
	case stage.EventApproved:
		var a stage.Approved
		if l.decode(n, &a) {
			l.tell(appliance.Granted{Approved: a})
		}
	case stage.EventSuspended:
		var s stage.Suspended
		if l.decode(n, &s) {
			l.tell(appliance.Suspended{Suspended: s})
		}
	case stage.EventTime:
		var u stage.TimeUpdate
		if l.decode(n, &u) {
			l.tell(appliance.Timed{TimeUpdate: u})
		}
	case stage.EventIdentify:
		var i stage.Identification
		if l.decode(n, &i) {
			l.tell(appliance.Identify{For: milliseconds(i.DurationMs), By: i.By})
		}
	case stage.EventParticipantOnAir:
		var u stage.ParticipantUpdate
		if l.decode(n, &u) && u.Participant.UserID == l.userID {
			l.tell(appliance.Aired{On: u.Participant.OnAir})
		}
	case stage.EventSettings:
		var u stage.SettingsUpdate
		if l.decode(n, &u) {
			l.tell(appliance.SettingsChanged{Settings: u.Settings})
		}
	}
}

// milliseconds reads a length off the wire; what no identification lasts is cut,
// so that it cannot overflow.
func milliseconds(n int64) time.Duration {
	return time.Duration(max(0, min(n, stage.IdentifyMs))) * time.Millisecond
}

func (l *link) decode(n client.Notification, into any) bool {
	err := json.Unmarshal(n.Params, into)
	if err != nil {
		l.log.Warn("cannot read an event of the stage server", "event", n.Event, "err", err)
	}
	return err == nil
}

func (l *link) tell(e appliance.Event) { _ = l.podium.Tell(e) }
