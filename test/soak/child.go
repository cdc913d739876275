package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"

	"podium/config"
	"podium/internal/service"
	"podium/publish"
)

// profileRate is one of how many bytes of the heap is noted: a stage has few.
const profileRate = 8 << 10

// beChild runs what the arguments say, as the command would, and tells of this
// process at a socket.
func beChild(ctx context.Context, socket string, args []string) error {
	if len(args) < 2 {
		return errors.New("a child needs to know what to be")
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	runtime.MemProfileRate = profileRate
	p := newPlugs()
	group, ctx := errgroup.WithContext(ctx)
	switch args[0] {
	case "stage": // stage --config FILE
		c, err := config.LoadStage(args[len(args)-1])
		if err != nil {
			return err
		}
		group.Go(func() error { return service.RunStage(ctx, c, "soak", log) })
	case "run": // run --config FILE
		c, err := config.LoadPodium(args[len(args)-1])
		if err != nil {
			return err
		}
		group.Go(func() error {
			return service.RunPodiumOn(ctx, c, func(own publish.Devices) publish.Devices { return p.between(own) }, "", log)
		})
	default:
		return fmt.Errorf("a child cannot be %q", args[0])
	}
	group.Go(func() error { return serveInside(ctx, socket, p) })
	return group.Wait()
}

// serveInside answers at the socket until the context ends.
func serveInside(ctx context.Context, socket string, p *plugs) error {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: inside(p)}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
