package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"podium/config"
	"podium/internal/discovery"
	"podium/internal/trust"
	"podium/stage/door"
	"podium/stage/room"
	"podium/stage/server"
	"podium/stage/store"
	"podium/stage/web"
)

// stopGrace is how long connections may take to end.
const stopGrace = 3 * time.Second

// hall is a stage service with its embedded media engine, listening.
type hall struct {
	listener net.Listener
	server   *server.Server
	room     *room.Room
	http     *http.Server
	store    *store.Store // nil: everything is kept in memory
	log      *slog.Logger
	cert     *trust.Files // nil: plain HTTP
	version  string
	announce bool // on the local network
}

// openHall listens and joins rules, engine and pages. panel serves the simulated
// podium's paths; nil: there is none.
func openHall(c config.Stage, panel http.Handler, version string, log *slog.Logger) (*hall, error) {
	h := &hall{log: log, version: version, announce: c.Discoverable}
	if err := h.open(c, panel); err != nil {
		return nil, errors.Join(err, h.abandon())
	}
	return h, nil
}

func (h *hall) open(c config.Stage, panel http.Handler) error {
	log := h.log
	if c.Store == config.None {
		log.Warn("no store: settings, queue and record end with the process (key store)")
	} else {
		var err error
		if h.store, err = store.Open(c.Store); err != nil {
			return err
		}
	}
	var err error
	if h.cert, err = openCertificate(c, log); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s (key listen): %w", c.Listen, err)
	}
	h.listener = door.Listen(listener, door.Bounds{Total: c.Limits.Connections, PerAddress: c.Limits.ConnectionsPerAddress})
	h.room, err = room.New(room.Config{
		Listen: c.MediaListen, Announce: c.Announce, Lease: c.Lease, Log: log.With("part", "room"),
		WatchesPerParticipant: c.Limits.WatchesPerParticipant,
		OnAir:                 func(meeting, userID string, onAir bool) { h.server.SetOnAir(meeting, userID, onAir) },
	})
	if err != nil {
		return fmt.Errorf("cannot open the media port %s (key mediaListen): %w", c.MediaListen, err)
	}
	config := server.Config{
		Key: c.Key, Engine: h.room, Lease: c.Lease, PublicURL: c.PublicURL, Origins: c.Origins,
		Pages: web.Handler(web.Options{Panel: panel != nil}), Log: log.With("part", "stage"),
		ConnectionsPerParticipant: c.Limits.ConnectionsPerParticipant,
		Metrics:                   newMetrics(h.version, log, stageMetrics(func() server.Counts { return h.server.Counts() }, h.room.Counts)),
	}
	if h.store != nil {
		config.Store = h.store
	}
	if h.cert != nil {
		config.Fingerprint = func() string { return h.cert.Fingerprint().String() }
	}
	if h.server, err = server.New(config); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", h.server.Handler())
	if panel != nil {
		// It needs no token, so it is for pages of this very machine.
		mux.Handle("/v1/panel/", door.Headers(door.OwnHost(c.Listen, panel)))
	}
	h.http = door.Server(mux, door.Usual)
	h.http.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	return nil
}

// run serves until the context ends, then ends connections and media.
func (h *hall) run(ctx context.Context) error {
	h.http.BaseContext = func(net.Listener) context.Context { return ctx }
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		err := h.serve()
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return fmt.Errorf("cannot serve %s: %w", h.listener.Addr(), err)
	})
	if h.cert != nil {
		group.Go(func() error { h.cert.Follow(ctx); return nil })
	}
	if at, ok := h.listener.Addr().(*net.TCPAddr); ok && h.announce && !at.IP.IsLoopback() {
		group.Go(func() error {
			discovery.Announce(ctx, discovery.Stage{Port: at.Port, TLS: h.cert != nil}, h.log.With("part", "stage"))
			return nil
		})
	}
	group.Go(func() error {
		<-ctx.Done()
		return h.stop()
	})
	return group.Wait()
}

func (h *hall) serve() error {
	if h.cert != nil {
		h.http.TLSConfig = h.cert.TLS()
		return h.http.ServeTLS(h.listener, "", "")
	}
	return h.http.Serve(h.listener)
}

func (h *hall) stop() error {
	grace, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	err := h.server.Close(grace)
	if h.http.Shutdown(grace) != nil {
		_ = h.http.Close()
	}
	return errors.Join(err, h.room.Close(), h.closeStore())
}

func (h *hall) closeStore() error {
	if h.store == nil {
		return nil
	}
	return h.store.Close()
}

// RunStage is `podium stage`.
func RunStage(ctx context.Context, c config.Stage, version string, log *slog.Logger) error {
	h, err := openHall(c, nil, version, log)
	if err != nil {
		return err
	}
	life := newLife(log)
	defer life.close(stopGrace)
	life.Ready()
	go watchOver(ctx, life, h.server.Responds)
	stopping := context.AfterFunc(ctx, life.Stopping)
	defer stopping()
	log.Info("stage ready", "listen", h.listener.Addr().String(), "media", h.room.Addr().String(), "tls", h.cert != nil)
	return h.run(ctx)
}

// abandon gives up a hall that never ran, or was opened in part.
func (h *hall) abandon() error {
	var err error
	if h.server != nil {
		grace, cancel := context.WithTimeout(context.Background(), stopGrace)
		defer cancel()
		err = h.server.Close(grace)
	}
	if h.listener != nil {
		err = errors.Join(err, h.listener.Close())
	}
	if h.room != nil {
		err = errors.Join(err, h.room.Close())
	}
	return errors.Join(err, h.closeStore())
}
