package main

import (
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"podium/config"
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
			return service.RunStage(c.Context(), cfg, newLog(c.ErrOrStderr(), cfg.Log))
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
			return service.RunPodium(c.Context(), cfg, version, newLog(c.ErrOrStderr(), cfg.Log))
		},
	}
	addConfigFlags(c, &path, &show)
	return c
}

func addConfigFlags(c *cobra.Command, path *string, show *bool) {
	c.Flags().StringVar(path, "config", "", "configuration file (without one: defaults and environment)")
	c.Flags().BoolVar(show, "print-config", false, "print the default file, every key explained, and end")
}

// newLog logs to the service's standard error, which journald collects.
func newLog(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
