package service

import (
	"context"
	"log/slog"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"podium/appliance"
	"podium/capture"
	"podium/control"
	"podium/internal/broker"
	"podium/internal/steady"
	"podium/internal/trust"
	"podium/publish"
	"podium/stage/client"
)

// front is a podium's buttons and lamps.
type front interface {
	appliance.Panel
	// run brings presses to tell and drives the lamps until the context ends;
	// then it leaves the lamps dark.
	run(ctx context.Context, tell func(appliance.Event)) error
}

// unitConfig says what one podium is made of.
type unitConfig struct {
	server     string
	pin        *trust.Pin // nil: the system's authorities judge the server
	token      func() (string, error)
	front      front
	camera     *capture.VideoConfig                      // nil: none
	microphone *capture.AudioConfig                      // nil: none
	devices    func(own publish.Devices) publish.Devices // what is opened in place of camera and microphone; nil: they
	socket     net.Listener                              // closed by the unit
	broker     *broker.Config                            // is told what the podium is doing; nil: nobody is
	numbers    net.Listener                              // serves metrics, and is closed by the unit; nil: nothing does
	options    appliance.Options
	loopback   bool           // media may go over the loopback interface
	life       appliance.Life // nil: nobody watches over the loop
	version    string
	log        *slog.Logger
}

// unit is one podium, joined: panel, loop, stage client, publisher, socket.
type unit struct {
	cfg       unitConfig
	podium    *appliance.Podium
	client    *client.Client
	publisher *publish.Publisher
	health    *health
}

// newUnit joins the parts. The token must be there already: it says who the
// podium is.
func newUnit(c unitConfig) (*unit, error) {
	token, err := c.token()
	if err != nil {
		return nil, err
	}
	claims, err := client.Describe(token)
	if err != nil {
		return nil, err
	}
	u := &unit{cfg: c, health: newHealth("/", c.log.With("part", "machine"))}
	l := &link{log: c.log, userID: claims.UserID}
	l.client, err = client.New(client.Config{Server: c.server, Token: c.token, Handle: l.handle, Device: device(c.socket.Addr().String()), TLS: c.pin.TLS(), Log: c.log.With("part", "client")})
	if err != nil {
		return nil, err
	}
	t := &transmitter{devices: devices{c.camera, c.microphone}}
	opened := publish.Devices(t.devices)
	if c.devices != nil {
		opened = c.devices(opened)
	}
	t.publisher, err = publish.New(publish.Config{
		Devices: opened, Report: t.report, HTTP: c.pin.Client(), IncludeLoopback: c.loopback, Version: c.version, Now: steady.Now,
		Log: c.log.With("part", "publish"),
	})
	if err != nil {
		return nil, err
	}
	u.client, u.publisher = l.client, t.publisher
	u.podium = appliance.New(appliance.Config{
		Options: c.options, Stage: l, Publisher: t, Panel: c.front,
		Machine:  u.health.machine,
		Identity: appliance.Identity{Meeting: claims.Meeting, UserID: claims.UserID, Server: c.server},
		Life:     c.life, Now: steady.Now,
		Log: c.log.With("part", "podium"),
	})
	l.podium, t.podium = u.podium, u.podium
	return u, nil
}

// run keeps the podium up until the context ends. The loop ends first, with the
// gate closed; only then is the server told, and the lamps and the socket go.
func (u *unit) run(ctx context.Context) error {
	outer, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	group, outer := errgroup.WithContext(outer)
	loop, endLoop := context.WithCancel(ctx)
	defer endLoop()
	stopLoop := context.AfterFunc(outer, endLoop) // a part that fails ends the loop too
	defer stopLoop()
	group.Go(func() error {
		defer end()
		err := u.podium.Run(loop)
		u.publisher.Shutdown()
		return err
	})
	group.Go(func() error { return u.client.Run(outer) })
	group.Go(func() error { u.health.watch(outer); return nil })
	group.Go(func() error { return control.Serve(outer, u.cfg.socket, u.podium) })
	group.Go(func() error { return u.serveNumbers(outer) })
	group.Go(func() error { u.tellBroker(outer); return nil })
	group.Go(func() error {
		return u.cfg.front.run(outer, func(e appliance.Event) { _ = u.podium.Tell(e) })
	})
	return group.Wait()
}

// noFront is a podium without buttons and lamps: the control socket presses, and
// the status shows.
type noFront struct{}

// Show meets appliance.Panel.
func (noFront) Show(appliance.Lamps) {}

func (noFront) run(ctx context.Context, _ func(appliance.Event)) error {
	<-ctx.Done()
	return nil
}

// isLoopback reports whether a server's host is this machine's own.
func isLoopback(host string) bool {
	resolver, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(resolver, "ip", host)
	for _, a := range addresses {
		if err == nil && a.IsLoopback() {
			return true
		}
	}
	return false
}
