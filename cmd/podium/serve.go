package main

import (
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/internal/events"
	"podium/internal/logline"
	"podium/internal/service"
)

func newStage() *cobra.Command {
	var path string
	var show bool
	c := &cobra.Command{
		Use: "stage", Short: "Run the stage service: signalling, pages and media engine",
		Example: "  podium stage --config /etc/podium/stage.yaml\n  podium stage --print-config > stage.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if show {
				return config.PrintStage(c.OutOrStdout())
			}
			cfg, err := config.LoadStage(path)
			if err != nil {
				return err
			}
			return withLog(c, cfg.Log, func(log *slog.Logger, level *slog.LevelVar) error {
				reload(c.Context(), log, level, func() (slog.Level, []string, error) {
					now, err := config.LoadStage(path)
					return now.Log, cfg.Changed(now), err
				})
				return service.RunStage(c.Context(), cfg, version, log)
			})
		},
	}
	addConfigFlags(c, &path, &show)
	return c
}

func newRun() *cobra.Command {
	var path string
	var show bool
	c := &cobra.Command{
		Use: "run", Short: "Run the podium on its device",
		Example: "  podium run --config /etc/podium/podium.yaml\n  podium run --print-config > podium.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if show {
				return config.PrintPodium(c.OutOrStdout())
			}
			cfg, err := config.LoadPodium(path)
			if err != nil {
				return err
			}
			return withLog(c, cfg.Log, func(log *slog.Logger, level *slog.LevelVar) error {
				reload(c.Context(), log, level, func() (slog.Level, []string, error) {
					now, err := config.LoadPodium(path)
					return now.Log, cfg.Changed(now), err
				})
				return service.RunPodium(c.Context(), cfg, version, log)
			})
		},
	}
	addConfigFlags(c, &path, &show)
	return c
}

func addConfigFlags(c *cobra.Command, path *string, show *bool) {
	c.Flags().StringVar(path, "config", "", "configuration file (without one: defaults and environment)")
	c.Flags().BoolVar(show, "print-config", false, "print the default file, every key explained, and end")
}

// logFlush is how long the end of a service waits for its last log lines.
const logFlush = 2 * time.Second

// withLog runs a service that logs to standard error, which journald collects. No
// part of it ever waits for whoever reads the log.
func withLog(c *cobra.Command, from slog.Level, serve func(*slog.Logger, *slog.LevelVar) error) error {
	lines := logline.New(c.ErrOrStderr())
	defer lines.Close(logFlush)
	level := &slog.LevelVar{}
	level.Set(from)
	text := slog.NewTextHandler(lines, &slog.HandlerOptions{Level: level})
	return serve(slog.New(events.NewHandler(text, events.NewCounts())), level)
}
