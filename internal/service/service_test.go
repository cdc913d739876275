package service

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"podium/appliance"
	"podium/config"
	"podium/control"
	"podium/hw/buttons"
	"podium/stage"
	"podium/stage/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// demo runs a demo of the test's own and gives its podium's door.
func demo(t *testing.T) (*control.Client, string, func()) {
	t.Helper()
	state := t.TempDir()
	panel, stop := demoIn(t, state)
	return panel, state, stop
}

// demoIn runs a demo in a folder.
func demoIn(t *testing.T, state string) (*control.Client, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	d := Demo{Listen: "127.0.0.1:0", State: state, Out: io.Discard, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- d.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return control.Dial(filepath.Join(state, "podium.sock")), stop
}

func until(t *testing.T, panel *control.Client, what string, is func(appliance.Status) bool) appliance.Status {
	t.Helper()
	var last appliance.Status
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		status, err := panel.Status(t.Context())
		if err == nil && is(status) {
			return status
		}
		last = status
	}
	t.Fatalf("never %s; at last %+v", what, last)
	return last
}

func hostOf(t *testing.T, state, server string) *client.REST {
	t.Helper()
	token, err := config.ReadToken(filepath.Join(state, "host.token"))
	if err != nil {
		t.Fatal(err)
	}
	rest, err := client.NewREST(server, token)
	if err != nil {
		t.Fatal(err)
	}
	return rest
}

// TestStoppingOnTheAir ends the demo while the speaker is on the air: everything
// closes, nothing leaks, and it ends without an error.
func TestStoppingOnTheAir(t *testing.T) {
	panel, state, stop := demo(t)
	s := until(t, panel, "connected", func(s appliance.Status) bool { return s.Connected })
	if err := panel.Press(t.Context(), control.Press{Button: appliance.ButtonRequest}); err != nil {
		t.Fatal(err)
	}
	until(t, panel, "requested", func(s appliance.Status) bool { return s.Status == stage.Requested })
	results, err := hostOf(t, state, s.Server).Decide(t.Context(), stage.GrantAccess, stage.Targets{UserIDs: []string{demoPodium}})
	if err != nil || !results[0].OK {
		t.Fatalf("%+v, %v", results, err)
	}
	s = until(t, panel, "on air", func(s appliance.Status) bool { return s.OnAir })
	if s.Media.Packets == 0 || s.Lamps.Red != "on" {
		t.Errorf("on air with %+v", s)
	}
	stop()
}

func TestDemoSaysWhatIsInTheWay(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, row := range []struct{ listen, says string }{
		{taken.Addr().String(), "cannot listen on " + taken.Addr().String()},
		{"8080", "give host:port"},
	} {
		d := Demo{Listen: row.listen, State: t.TempDir(), Out: io.Discard, Log: slog.New(slog.DiscardHandler)}
		if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %q", row.listen, err, row.says)
		}
	}
}

// TestASecondDemoLeavesTheFirstAlone starts another one in the same folder.
func TestASecondDemoLeavesTheFirstAlone(t *testing.T) {
	panel, state, _ := demo(t)
	s := until(t, panel, "connected", func(s appliance.Status) bool { return s.Connected })
	second := Demo{Listen: "127.0.0.1:0", State: state, Out: io.Discard, Log: slog.New(slog.DiscardHandler)}
	if err := second.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "a podium answers there already") {
		t.Errorf("the second demo: %v", err)
	}
	if _, err := hostOf(t, state, s.Server).Requests(t.Context()); err != nil {
		t.Errorf("the first demo's token does not work any more: %v", err)
	}
}

func TestAPodiumSaysWhatIsInTheWay(t *testing.T) {
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	log := slog.New(slog.DiscardHandler)
	c := config.DefaultPodium()
	c.Panel.Kind, c.TokenFile, c.Socket = config.PanelNone, token, filepath.Join(dir, "podium.sock")
	if err := RunPodium(t.Context(), c, "", log); err == nil || !strings.Contains(err.Error(), "cannot read the token "+token) {
		t.Errorf("without a token: %v", err)
	}
	if err := os.WriteFile(token, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := RunPodium(t.Context(), c, "", log); err == nil || !strings.Contains(err.Error(), "not a JWT") {
		t.Errorf("with nonsense as token: %v", err)
	}
	c.Panel = config.DefaultPodium().Panel
	c.Panel.Chips = []string{"no-such-chip"}
	if err := RunPodium(t.Context(), c, "", log); err == nil || !strings.Contains(err.Error(), "no-such-chip") {
		t.Errorf("without the header: %v", err)
	}
}

func TestRefusedConnectionIsAFault(t *testing.T) {
	p := appliance.New(appliance.Config{})
	l := &link{podium: p, log: slog.New(slog.DiscardHandler)}
	l.handle(client.Disconnected{Err: &client.RefusedError{Status: 401, Body: "token refused"}})
	l.handle(client.Disconnected{Err: errors.New("cable")})
	l.handle(client.Notification{Event: stage.EventStatus, Params: []byte("{")}) // nonsense is dropped, with a line
}

func TestButtonsBecomeEvents(t *testing.T) {
	var got []appliance.Event
	g := &gpio{}
	for _, kind := range []buttons.Kind{buttons.Pressed, buttons.Long, buttons.Stuck, buttons.Released} {
		g.pressed(buttons.Press{Button: buttons.Request, Kind: kind}, func(e appliance.Event) { got = append(got, e) })
	}
	want := []appliance.Event{
		appliance.Press{Button: appliance.ButtonRequest},
		appliance.Press{Button: appliance.ButtonRequest, Long: true},
		appliance.Fault{Part: appliance.PartPanel, Text: "button request is stuck: it has been down for 30 s"},
		appliance.Fault{Part: appliance.PartPanel},
	}
	if !slices.Equal(got, want) {
		t.Fatalf("events %v, want %v", got, want)
	}
}

// TestAStuckButtonIsNoMatterOfTheOther: what is let go is not the fault's end.
func TestAStuckButtonIsNoMatterOfTheOther(t *testing.T) {
	var got []string
	g := &gpio{}
	for _, p := range []buttons.Press{
		{Button: buttons.Request, Kind: buttons.Stuck},
		{Button: buttons.Cancel, Kind: buttons.Released}, // not stuck before: no news
		{Button: buttons.Cancel, Kind: buttons.Stuck},
		{Button: buttons.Request, Kind: buttons.Released},
		{Button: buttons.Cancel, Kind: buttons.Released},
	} {
		g.pressed(p, func(e appliance.Event) { got = append(got, e.(appliance.Fault).Text) })
	}
	stuck := func(b string) string { return "button " + b + " is stuck: it has been down for 30 s" }
	if want := []string{stuck("request"), stuck("request") + "; " + stuck("cancel"), stuck("cancel"), ""}; !slices.Equal(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
}
