package rig

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"podium/appliance"
	"podium/control"
	"podium/stage"
)

// Station is one podium's place in a hall: its files, what stands in its way to the
// stage, its buttons, and a host that decides about it. It does not start the podium.
type Station struct {
	Meeting, User string
	Config        string // path of its podium.yaml
	Valve         *Valve
	Lane          *Lane // nil: there is no relay
	PressToJoin   bool
	Host          *Host
	Panel         *control.Client
}

// StationOptions say what a station is like.
type StationOptions struct {
	Stage    *Stage
	Relay    *Relay // nil: media goes straight to the stage
	Meeting  string
	Number   int    // 0 to 249, different for each station of a stage
	Media    string // the lines of camera and microphone; empty: SmallMedia
	Settings string // further lines of podium.yaml

	PressToJoin bool // every turn wants a second press
}

// SmallMedia is a picture that costs little, and a sound.
const SmallMedia = "camera: {device: test, width: 160, height: 90, frameRate: 30, bitRate: 100000}\nmicrophone: {device: test}\n"

// NewStation makes a station. The caller ends it with Close.
func NewStation(ctx context.Context, o StationOptions) (*Station, error) {
	s := &Station{Meeting: o.Meeting, User: fmt.Sprintf("podium-%d", o.Number), PressToJoin: o.PressToJoin}
	token, err := Token(s.Meeting, s.User, "podium")
	if err != nil {
		return nil, err
	}
	var offered func(string)
	if o.Relay != nil {
		s.Lane = o.Relay.Lane()
		offered = s.Lane.Expect
	}
	// An address of its own: what the stage allows one address is not for a hall.
	if s.Valve, err = OpenValve(o.Stage.Address, net.IPv4(127, 0, 1, byte(1+o.Number)), offered); err != nil {
		return nil, err
	}
	folder := filepath.Join(o.Stage.Folder, s.User)
	if o.Media == "" {
		o.Media = SmallMedia
	}
	if o.PressToJoin {
		o.Settings += "join: press\n"
	}
	text := fmt.Sprintf("server: http://%s\ntokenFile: podium.token\nsocket: %s\npanel: {kind: none}\n%s%s",
		s.Valve.Address(), filepath.Join(folder, "sock"), o.Media, o.Settings)
	if err := writeFiles(folder, map[string]string{"podium.yaml": text, "podium.token": token}); err != nil {
		s.Valve.Close()
		return nil, err
	}
	s.Config, s.Panel = filepath.Join(folder, "podium.yaml"), control.Dial(filepath.Join(folder, "sock"))
	if s.Host, err = Connect(ctx, o.Stage.Address, s.Meeting, s.User); err != nil {
		s.Valve.Close()
		return nil, err
	}
	return s, nil
}

// Close ends what the station started.
func (s *Station) Close() {
	s.Host.Close()
	s.Valve.Close()
}

// Press presses a button, and gives the moment just before.
func (s *Station) Press(ctx context.Context, b appliance.Button) (time.Time, error) {
	at := time.Now()
	return at, s.Panel.Press(ctx, control.Press{Button: b})
}

// Until asks the podium until it is as wanted.
func (s *Station) Until(ctx context.Context, what string, fits func(appliance.Status) bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var last appliance.Status
	for {
		status, err := s.Panel.Status(ctx)
		if err == nil {
			last = status
			if fits(status) {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for %s to be %s: connected %t, %s, on air %t, %q, faults %v: %w",
				s.User, what, last.Connected, last.Status, last.OnAir, last.Message, last.Faults, err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// AtRest waits until the podium is connected and off stage, and the stage knows.
func (s *Station) AtRest(ctx context.Context) error {
	if err := s.Until(ctx, "at rest", func(a appliance.Status) bool { return a.Connected && a.Status == stage.OffStage }); err != nil {
		return err
	}
	_, err := s.Host.Await(ctx, "the podium off stage", func(v View) bool { return v.Present && v.Status == stage.OffStage && !v.OnAir })
	return err
}

// Steps are when each step of a way onto the air was done.
type Steps struct {
	Pressed   time.Time // the press was sent
	Requested time.Time // the host heard of it
	Granted   time.Time // the host's word was sent
	OnAir     time.Time // the host heard that media arrives
}

// OnAir takes the podium from rest onto the air.
func (s *Station) OnAir(ctx context.Context) (Steps, error) {
	steps, err := s.Request(ctx)
	if err != nil {
		return steps, err
	}
	return steps, s.letIn(ctx, &steps)
}

// Request presses, and waits until the host hears of it.
func (s *Station) Request(ctx context.Context) (steps Steps, err error) {
	if steps.Pressed, err = s.Press(ctx, appliance.ButtonRequest); err != nil {
		return steps, err
	}
	steps.Requested, err = s.Host.Await(ctx, "the request", func(v View) bool { return v.Status == stage.Requested })
	return steps, err
}

func (s *Station) letIn(ctx context.Context, steps *Steps) (err error) {
	steps.Granted = time.Now()
	if err = s.Host.Decide(ctx, stage.GrantAccess); err != nil {
		return err
	}
	if s.PressToJoin {
		if err := s.Until(ctx, "accepted", func(a appliance.Status) bool { return a.Status == stage.Accepted }); err != nil {
			return err
		}
		if _, err := s.Press(ctx, appliance.ButtonRequest); err != nil {
			return err
		}
	}
	steps.OnAir, err = s.Host.Await(ctx, "media", func(v View) bool { return v.Status == stage.OnStage && v.OnAir })
	return err
}
