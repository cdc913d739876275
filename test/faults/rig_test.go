//go:build faults

package faults

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"podium/control"
	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
	"podium/test/faults/link"
)

const (
	stageIP  = "10.77.0.1"
	podiumIP = "10.77.0.2"

	meeting  = "hall"
	podiumID = "podium-1"

	lease = 5 * time.Second // the default, which the stage's configuration leaves alone
	// patience is for what has to come, and comes soon on a machine that is not
	// overloaded.
	patience = 20 * time.Second
)

var key = []byte("0123456789abcdef0123456789abcdef")

// smallPicture is the smallest that is one, so that three rows at once leave the machine
// time.
const smallPicture = "width: 320, height: 180, frameRate: 10, bitRate: 150000"

const podiumConfig = `server: http://` + stageIP + `:8080
tokenFile: podium.token
panel: {kind: none}
camera: {device: test, %s}
microphone: {device: test}
`

const stageConfig = `listen: 0.0.0.0:8080
mediaListen: 0.0.0.0:8189
store: store/stage.db
`

// rig is one stage and one podium, each in a network of its own, and the link
// between the two.
type rig struct {
	t                   *testing.T
	folder              string
	stage, podium       *logbook
	stageNet, podiumNet *namespace
	link                *link.Link

	server, device *process
	systemd        *systemd
	viewer         *viewer
	host           *client.REST
	panel          *control.Client
	address        string // of the stage, for this process
	store          string // the folder of the stage's file
	watching       *sampler
	machine        *lateness
	sending        sync.WaitGroup // others who load the link
	stops          int            // of a process that are not over
	missed         []string       // what a fault expected in vain
}

// storeSize is what the stage's file may take, where its disk is a small one.
const storeSize = 128 // kB

// newRig starts everything, and waits until the podium is connected and somebody
// watches.
func newRig(t *testing.T, x run) *rig {
	t.Helper()
	r := &rig{t: t, stage: &logbook{}, podium: &logbook{}}
	var err error
	if r.folder, err = os.MkdirTemp("", "faults-"); err != nil { //nolint:usetesting // t.TempDir is too long a name for a socket (unix(7): 108 bytes)
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(r.folder) })
	t.Cleanup(r.report)
	t.Cleanup(http.DefaultClient.CloseIdleConnections) // the host's
	r.stageNet, r.podiumNet = newNamespace(t), newNamespace(t)
	r.join(x.seed())
	r.files(cmp.Or(x.camera, smallPicture))
	r.stageNet.disk(t, r.store, storeSize)
	t.Cleanup(r.sending.Wait)
	t.Cleanup(r.killAll)
	r.startStage()
	r.address = r.stageNet.proxy(t, stageIP+":8080")
	r.await("the stage to serve", r.serves)
	if r.host, err = client.NewREST(r.address, token(t, "host-1", "host")); err != nil {
		t.Fatal(err)
	}
	r.viewer = &viewer{inside: r.stageNet, url: r.address + "/v1/whep/" + meeting + "/" + podiumID, token: token(t, "viewer-1", "viewer")}
	t.Cleanup(r.viewer.close)
	r.panel = control.Dial(filepath.Join(r.folder, "podium.sock"))
	r.startPodium()
	r.watching, r.machine = sample(t, r.panel), watchMachine(t)
	r.await("the podium to connect", func(ctx context.Context) error {
		if s, err := r.panel.Status(ctx); err != nil || !s.Connected {
			return fmt.Errorf("connected: %v, %w", s.Connected, err)
		}
		return nil
	})
	r.await("the viewer to subscribe", r.viewer.watch)
	return r
}

// join lays the link between the two networks.
func (r *rig) join(seed uint64) {
	atPodium, atStage := r.podiumNet.tun(r.t, podiumIP), r.stageNet.tun(r.t, stageIP)
	r.link = link.New(seed, atPodium, atStage)
	ended := make(chan error, 1)
	go func() { ended <- r.link.Run() }()
	r.t.Cleanup(func() {
		_, _ = atPodium.Close(), atStage.Close()
		if err := <-ended; err != nil {
			r.t.Error(err)
		}
	})
}

func (r *rig) files(camera string) {
	r.store = filepath.Join(r.folder, "store")
	if err := os.Mkdir(r.store, 0o700); err != nil {
		r.t.Fatal(err)
	}
	for name, text := range map[string]string{
		"stage.yaml": stageConfig, "stage.key": string(key),
		"podium.yaml": fmt.Sprintf(podiumConfig, camera), "podium.token": token(r.t, podiumID, "podium"),
	} {
		if err := os.WriteFile(filepath.Join(r.folder, name), []byte(text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) startStage() {
	r.server = start(r.t, r.stageNet, r.stage, nil, "stage", "--config", filepath.Join(r.folder, "stage.yaml"))
}

// startPodium starts the podium as systemd does, which also watches it.
func (r *rig) startPodium() {
	r.systemd = newSystemd(r.t, filepath.Join(r.folder, "notify"))
	r.device = start(r.t, r.podiumNet, r.podium, append(r.systemd.environment(), "PODIUM_SOCKET="+filepath.Join(r.folder, "podium.sock")),
		"run", "--config", filepath.Join(r.folder, "podium.yaml"))
	r.systemd.watch(r.device)
}

func (r *rig) killAll() {
	for _, p := range []*process{r.device, r.server} {
		if p != nil {
			p.kill()
		}
	}
}

func token(t *testing.T, user, preset string) string {
	t.Helper()
	text, err := server.NewToken(key, server.TokenRequest{
		Meeting: meeting, UserID: user, Preset: stage.Presets[preset], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (r *rig) serves(ctx context.Context) error {
	_, err := health(ctx, r.address)
	return err
}

// health asks the stage how it is.
func health(ctx context.Context, address string) (store string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/healthz", nil)
	if err != nil {
		return "", err
	}
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := c.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	var told struct {
		Store string `json:"store"`
	}
	err = json.NewDecoder(response.Body).Decode(&told)
	return told.Store, err
}

// until tries until it succeeds or the time is over; then it tells the last error.
func until(ctx context.Context, within time.Duration, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// await is until, for what must come.
func (r *rig) await(what string, try func(context.Context) error) {
	r.t.Helper()
	if err := until(r.t.Context(), patience, try); err != nil {
		r.t.Fatalf("waited in vain for %s: %v", what, err)
	}
}

// press presses a button of the podium.
func (r *rig) press(ctx context.Context, b control.Press) error { return r.panel.Press(ctx, b) }

// decide is the host's word on the podium.
func (r *rig) decide(ctx context.Context, method stage.Method) error {
	results, err := r.host.Decide(ctx, method, stage.Targets{UserIDs: []string{podiumID}})
	if err == nil && (len(results) != 1 || !results[0].OK) {
		err = fmt.Errorf("%s answered %+v", method, results)
	}
	return err
}

// serverStatus is the podium's status as the stage has it; one that is not in the
// meeting has none.
func (r *rig) serverStatus(ctx context.Context) (stage.Status, error) {
	people, err := r.host.Participants(ctx)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(people, func(p stage.Participant) bool { return p.UserID == podiumID })
	if at < 0 {
		return absent, nil
	}
	return people[at].Status, nil
}

// absent is who is not in the meeting.
const absent stage.Status = "absent"

// goOnStage presses, grants, and waits for sound at the viewer.
func (r *rig) goOnStage(ctx context.Context) error {
	since := time.Now()
	if err := r.press(ctx, control.Press{Button: "request"}); err != nil {
		return err
	}
	waits := func(ctx context.Context) error {
		if s, err := r.serverStatus(ctx); err != nil || s != stage.Requested {
			return fmt.Errorf("after the press the stage says %s, %w", s, err)
		}
		return nil
	}
	if err := until(ctx, lease, waits); err != nil {
		return err
	}
	if err := r.decide(ctx, stage.GrantAccess); err != nil {
		return err
	}
	return until(ctx, lease, func(context.Context) error {
		if len(r.viewer.heard(since)) < 5 {
			return errors.New("no sound after the grant")
		}
		return nil
	})
}

// miss notes what a fault expected in vain.
func (r *rig) miss(format string, args ...any) {
	r.missed = append(r.missed, fmt.Sprintf(format, args...))
}

func (r *rig) report() {
	if r.t.Failed() {
		r.t.Logf("the stage:\n%sthe podium:\n%s", r.stage.last(40), r.podium.last(60))
	}
}
