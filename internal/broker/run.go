package broker

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"

	"podium/appliance"
)

// Config says which broker is told.
type Config struct {
	URL       *url.URL // mqtt://host:1883 or mqtts://host:8883
	User      string
	Password  func() ([]byte, error) // read at each connection; nil: none
	Topic     string                 // the prefix of the topics
	Discovery string                 // Home Assistant's prefix; empty: it is told nothing
	Identity  Identity
	TLS       *tls.Config // nil: the system's authorities
	Log       *slog.Logger
}

// Source is a podium.
type Source interface {
	Status() appliance.Status
	Watch() (changed <-chan struct{}, stop func())
}

const (
	keepAlive = 20 // s
	// patience is for one message to be taken.
	patience = 5 * time.Second
	// lookEvery is how often the state is looked at without a step: packets start and cease
	// to leave in between.
	lookEvery   = time.Second
	atLeastOnce = 1
)

// Run tells the broker until the context ends, and connects anew for as long. Nobody waits
// for it.
func Run(ctx context.Context, c Config, source Source) error {
	t := topicsOf(c.Topic, c.Discovery, c.Identity)
	up := make(chan struct{}, 1)
	config := autopaho.ClientConfig{
		ServerUrls: []*url.URL{c.URL}, TlsCfg: c.TLS, KeepAlive: keepAlive, CleanStartOnInitialConnection: true, ConnectTimeout: patience,
		ConnectUsername: c.User,
		WillMessage:     &paho.WillMessage{Retain: true, Topic: t.available, Payload: []byte(Offline), QoS: atLeastOnce},
		ConnectPacketBuilder: func(p *paho.Connect, _ *url.URL) (*paho.Connect, error) {
			if c.Password == nil {
				return p, nil
			}
			secret, err := c.Password()
			p.Password, p.PasswordFlag = secret, true
			return p, err
		},
		OnConnectionUp: func(*autopaho.ConnectionManager, *paho.Connack) {
			c.Log.Info("broker connected", "broker", c.URL.Redacted())
			select {
			case up <- struct{}{}:
			default:
			}
		},
		OnConnectError: complain(c),
		ClientConfig:   paho.ClientConfig{ClientID: objectID(c.Identity)},
	}
	// The connection outlives the context by the last word.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	cm, err := autopaho.NewConnection(life, config)
	if err != nil {
		return fmt.Errorf("cannot use the MQTT broker %s (key mqtt.broker): %w", c.URL.Redacted(), err)
	}
	s := &session{cm: cm, topics: t, cfg: c, source: source}
	s.run(ctx, up)
	s.tell(life, t.available, []byte(Offline))
	last, stop := context.WithTimeout(life, patience)
	defer stop()
	_ = cm.Disconnect(last) // one that is not there needs no farewell
	end()
	<-cm.Done()
	return nil
}

// complain logs the first of several failures in a row that are the same.
func complain(c Config) func(error) {
	said := ""
	return func(err error) {
		if text := err.Error(); text != said {
			said = text
			c.Log.Warn("the broker is not to be had; trying again", "broker", c.URL.Redacted(), "err", err)
		}
	}
}

// session tells one broker.
type session struct {
	cm     *autopaho.ConnectionManager
	topics topics
	cfg    Config
	source Source
	told   string // the state that the broker has
}

func (s *session) run(ctx context.Context, up <-chan struct{}) {
	changed, stop := s.source.Watch()
	defer stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	connected := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-up:
			connected, s.told = true, ""
			s.introduce(ctx)
		case <-changed:
		case <-tick.C:
		}
		if connected {
			s.tellState(ctx)
		}
	}
}

// introduce tells a broker that may know nothing.
func (s *session) introduce(ctx context.Context) {
	if s.topics.discovery != "" {
		if text, err := discovery(s.topics, s.cfg.Identity); err == nil {
			s.tell(ctx, s.topics.discovery, text)
		}
	}
	s.tell(ctx, s.topics.available, []byte(Online))
}

func (s *session) tellState(ctx context.Context) {
	text, err := json.Marshal(StateOf(s.source.Status()))
	if err != nil || string(text) == s.told {
		return
	}
	if s.tell(ctx, s.topics.state, text) {
		s.told = string(text)
	}
}

// tell reports whether the broker has it.
func (s *session) tell(ctx context.Context, topic string, payload []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := s.cm.Publish(ctx, &paho.Publish{QoS: atLeastOnce, Retain: true, Topic: topic, Payload: payload})
	return err == nil
}
