package service

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"podium/appliance"
	"podium/capture"
	"podium/config"
	"podium/control"
	"podium/publish"
	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
)

// hangingFront is a panel whose lamps can be made to hang the loop.
type hangingFront struct{ blockable }

func (hangingFront) run(ctx context.Context, _ func(appliance.Event)) error {
	<-ctx.Done()
	return nil
}

// TestPacketsStopWithTheLoop: a podium on the air whose loop hangs is off the air
// without it, as the hall sees it; and speaks again in the same turn when the loop
// goes on within the lease.
func TestPacketsStopWithTheLoop(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	key := make([]byte, server.MinKeyLength)
	_, _ = rand.Read(key)
	c := config.DefaultStage()
	c.Listen, c.MediaListen, c.Key, c.Store = "127.0.0.1:0", "127.0.0.1:0", key, config.None
	c.Lease = time.Minute // what ends the flow is not the lease
	h, err := openHall(c, nil, "test", log)
	if err != nil {
		t.Fatal(err)
	}
	token := func(user, preset string) string {
		token, err := server.NewToken(key, server.TokenRequest{
			Meeting: demoMeeting, UserID: user, Name: user, Preset: stage.Presets[preset], TTL: time.Hour,
		}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	address := "http://" + h.listener.Addr().String()
	mine := token(demoPodium, "podium")
	socket, err := control.Listen(filepath.Join(t.TempDir(), "podium.sock"))
	if err != nil {
		t.Fatal(err)
	}
	panel := hangingFront{blockable{make(chan chan struct{}, 1)}}
	u, err := newUnit(unitConfig{
		server: address, token: func() (string, error) { return mine, nil }, front: panel, socket: socket, loopback: true, log: log,
		microphone: &capture.AudioConfig{Device: capture.TestDevice, Log: log},
	})
	if err != nil {
		t.Fatal(err)
	}
	stageCtx, endStage := context.WithCancel(context.Background())
	ctx, end := context.WithCancel(stageCtx)
	ended := make(chan error, 2)
	go func() { ended <- h.run(stageCtx) }()
	go func() { ended <- u.run(ctx) }()
	t.Cleanup(func() { end(); <-ended; endStage(); <-ended })

	rest, err := client.NewREST(address, token("host", "host"))
	if err != nil {
		t.Fatal(err)
	}
	hall := &chaired{t: t, host: rest, panel: control.Dial(socket.Addr().String())}
	hall.until("connected", func(s appliance.Status) bool { return s.Connected })
	hall.onAir()
	hall.hears(true)

	until := make(chan struct{})
	panel.hang <- until
	_ = u.podium.Tell(appliance.Identify{For: time.Minute}) // a lamp is to be lit
	began := time.Now()
	hall.hears(false)
	t.Logf("the hall heard nothing more %s after the loop hung", time.Since(began))
	if got := u.publisher.Stats().Closed; got != publish.PermitOver {
		t.Errorf("the gate is closed for %q", got)
	}
	close(until)
	hall.hears(true)
}
