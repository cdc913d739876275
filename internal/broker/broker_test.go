package broker

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"
	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"podium/appliance"
	"podium/stage"
)

// pretend is a podium whose status a test sets.
type pretend struct {
	mu      sync.Mutex
	status  appliance.Status
	changed chan struct{}
}

func (p *pretend) Status() appliance.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

func (p *pretend) Watch() (<-chan struct{}, func()) { return p.changed, func() {} }

func (p *pretend) set(s appliance.Status) {
	p.mu.Lock()
	p.status = s
	p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// testBroker keeps what it is told.
type testBroker struct {
	server *mqtt.Server
	url    *url.URL

	mu   sync.Mutex
	told map[string][]string // by topic
}

// startBroker lets podium in with a password.
func startBroker(t *testing.T, address string) *testBroker {
	t.Helper()
	b := &testBroker{told: map[string][]string{}}
	b.server = mqtt.New(&mqtt.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
	rules := &auth.Ledger{Auth: auth.AuthRules{{Username: "podium", Password: "secret", Allow: true}}}
	if err := b.server.AddHook(new(auth.Hook), &auth.Options{Ledger: rules}); err != nil {
		t.Fatal(err)
	}
	tcp := listeners.NewTCP(listeners.Config{ID: "t", Address: address})
	if err := b.server.AddListener(tcp); err != nil {
		t.Fatal(err)
	}
	if err := b.server.Serve(); err != nil {
		t.Fatal(err)
	}
	b.listen(t, 1)
	b.url = &url.URL{Scheme: "mqtt", Host: tcp.Address()}
	return b
}

// listen subscribes to everything, and forgets what was told before.
func (b *testBroker) listen(t *testing.T, id int) {
	t.Helper()
	b.mu.Lock()
	b.told = map[string][]string{}
	b.mu.Unlock()
	if err := b.server.Subscribe("#", id, func(_ *mqtt.Client, _ packets.Subscription, p packets.Packet) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.told[p.TopicName] = append(b.told[p.TopicName], string(p.Payload))
	}); err != nil {
		t.Fatal(err)
	}
}

// until waits for a message, and gives it.
func (b *testBroker) until(t *testing.T, what, topic, want string) string {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		b.mu.Lock()
		told := slices.Clone(b.told[topic])
		b.mu.Unlock()
		for _, got := range told {
			if strings.Contains(got, want) {
				return got
			}
		}
	}
	t.Fatalf("waited in vain for %s: %s with %q", what, topic, want)
	return ""
}

var hall = Identity{Meeting: "hall", UserID: "podium-1", Version: "1.2.3"}

func configFor(b *testBroker) Config {
	return Config{
		URL: b.url, User: "podium", Password: func() ([]byte, error) { return []byte("secret"), nil },
		Topic: "podium", Discovery: "homeassistant", Identity: hall, Log: slog.New(slog.DiscardHandler),
	}
}

// running runs until stop.
func running(t *testing.T, c Config, p *pretend) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, c, p) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestBrokerIsTold(t *testing.T) {
	b := startBroker(t, "127.0.0.1:0")
	defer func() { _ = b.server.Close() }()
	p := &pretend{changed: make(chan struct{}, 1)}
	p.set(appliance.Status{Status: stage.OffStage, Connected: true})
	stop := running(t, configFor(b), p)
	b.until(t, "the podium to be there", "podium/hall/podium-1/available", Online)
	b.until(t, "its state", "podium/hall/podium-1/state", `"status":"OFF_STAGE"`)
	p.set(appliance.Status{Status: stage.OnStage, Connected: true, OnAir: true, Faults: []appliance.Fault{{Part: "camera", Text: "gone"}}})
	text := b.until(t, "the change", "podium/hall/podium-1/state", `"onAir":true`)
	var got State
	if err := json.Unmarshal([]byte(text), &got); err != nil || got.Status != stage.OnStage || !got.Problem || len(got.Faults) != 1 || got.Faults[0] != "camera: gone" {
		t.Errorf("%s, %v", text, err)
	}
	var found struct {
		State string `json:"state_topic"`
		Cmps  map[string]struct {
			Template string `json:"value_template"`
			ID       string `json:"unique_id"`
		} `json:"cmps"`
	}
	text = b.until(t, "the description", "homeassistant/device/podium_hall_podium-1/config", "cmps")
	if err := json.Unmarshal([]byte(text), &found); err != nil || found.State != "podium/hall/podium-1/state" || len(found.Cmps) != 5 {
		t.Errorf("%s, %v", text, err)
	}
	var keys map[string]any
	state, _ := json.Marshal(got)
	_ = json.Unmarshal(state, &keys)
	for key, one := range found.Cmps {
		if _, ok := keys[key]; !ok || !strings.Contains(one.Template, "value_json."+key+" ") || !strings.HasSuffix(one.ID, "_"+key) {
			t.Errorf("%s asks for what no state has: %+v", key, one)
		}
	}
	stop()
	b.until(t, "the farewell", "podium/hall/podium-1/available", Offline)
}

// somebodyElse comes to the broker and subscribes.
func (b *testBroker) somebodyElse(t *testing.T) *testBroker {
	t.Helper()
	got := &testBroker{told: map[string][]string{}}
	ctx, end := context.WithCancel(context.Background())
	cm, err := autopaho.NewConnection(ctx, autopaho.ClientConfig{
		ServerUrls: []*url.URL{b.url}, KeepAlive: keepAlive, ConnectUsername: "podium", ConnectPassword: []byte("secret"),
		OnConnectionUp: func(cm *autopaho.ConnectionManager, _ *paho.Connack) {
			_, _ = cm.Subscribe(ctx, &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{{Topic: "podium/#", QoS: 1}}})
		},
		ClientConfig: paho.ClientConfig{ClientID: "later", OnPublishReceived: []func(paho.PublishReceived) (bool, error){func(p paho.PublishReceived) (bool, error) {
			got.mu.Lock()
			defer got.mu.Unlock()
			got.told[p.Packet.Topic] = append(got.told[p.Packet.Topic], string(p.Packet.Payload))
			return true, nil
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(); <-cm.Done() })
	return got
}

// Who connects to a broker later finds the last state there.
func TestStateIsRetained(t *testing.T) {
	b := startBroker(t, "127.0.0.1:0")
	defer func() { _ = b.server.Close() }()
	p := &pretend{changed: make(chan struct{}, 1)}
	stop := running(t, configFor(b), p)
	defer stop()
	b.until(t, "the state", "podium/hall/podium-1/state", `"status"`)
	later := b.somebodyElse(t)
	later.until(t, "the state that is retained", "podium/hall/podium-1/state", `"status"`)
	later.until(t, "the availability that is retained", "podium/hall/podium-1/available", Online)
}

// A podium that goes without a word is called offline by the broker itself.
func TestLastWill(t *testing.T) {
	b := startBroker(t, "127.0.0.1:0")
	defer func() { _ = b.server.Close() }()
	p := &pretend{changed: make(chan struct{}, 1)}
	stop := running(t, configFor(b), p)
	defer stop()
	b.until(t, "the podium to be there", "podium/hall/podium-1/available", Online)
	client, ok := b.server.Clients.Get("podium_hall_podium-1")
	if !ok {
		t.Fatal("the broker does not know the podium")
	}
	client.Stop(io.ErrUnexpectedEOF)
	b.until(t, "the last will", "podium/hall/podium-1/available", Offline)
	b.until(t, "the podium to come back", "podium/hall/podium-1/available", Online)
}

// A broker that comes later, or refuses the password, holds nobody up.
func TestBrokerThatIsNotThere(t *testing.T) {
	p := &pretend{changed: make(chan struct{}, 1)}
	for _, c := range []Config{
		{URL: &url.URL{Scheme: "mqtt", Host: "127.0.0.1:1"}, Topic: "podium", Identity: hall, Log: slog.New(slog.DiscardHandler)},
	} {
		stop := running(t, c, p)
		stop()
	}
}

func TestTopics(t *testing.T) {
	got := topicsOf("podium", "homeassistant", Identity{Meeting: "a/b+#", UserID: "$x\x00ü"})
	want := topics{"podium/a_b__/_x_ü/state", "podium/a_b__/_x_ü/available", "homeassistant/device/podium_a_b____x__/config"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
