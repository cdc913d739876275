package service

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"os"

	"podium/config"
	"podium/internal/broker"
)

// brokerOf gives what a configuration says of a broker; nil: there is none.
func brokerOf(c config.MQTT, log *slog.Logger) (*broker.Config, error) {
	if c.Broker == config.None {
		return nil, nil //nolint:nilnil // nobody is told
	}
	u, err := url.Parse(c.Broker)
	if err != nil {
		return nil, err
	}
	b := &broker.Config{URL: u, User: c.User, Topic: c.Topic, Discovery: c.Discovery, Log: log.With("part", "broker")}
	if c.Discovery == config.None {
		b.Discovery = ""
	}
	if c.PasswordFile != "" {
		b.Password = func() ([]byte, error) {
			data, err := os.ReadFile(c.PasswordFile)
			return bytes.TrimSpace(data), err
		}
	}
	return b, nil
}

// tellBroker tells the broker, if there is one, until the context ends. The podium goes on
// whatever becomes of it.
func (u *unit) tellBroker(ctx context.Context) {
	if u.cfg.broker == nil {
		return
	}
	c, s := *u.cfg.broker, u.podium.Status()
	c.Identity = broker.Identity{Meeting: s.Meeting, UserID: s.UserID, Version: u.cfg.version}
	if err := broker.Run(ctx, c, u.podium); err != nil {
		c.Log.Warn("the broker cannot be used", "err", err)
	}
}
