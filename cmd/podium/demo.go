package main

import (
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"podium/internal/service"
)

func newDemo() *cobra.Command {
	var d service.Demo
	var level slog.LevelVar
	c := &cobra.Command{
		Use: "demo", Short: "Run the whole system in one process, with a simulated podium",
		Long: `Run stage server, media engine and one simulated podium (podium-1) with a
moving test picture and a test sound in one process, and print the addresses
of its three pages.`,
		Example: "  podium demo\n  podium demo --listen 127.0.0.1:9000 --state /tmp/demo",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d.Out, d.Version = c.OutOrStdout(), version
			return withLog(c, level.Level(), func(log *slog.Logger, _ *slog.LevelVar) error {
				d.Log = log
				return d.Run(c.Context())
			})
		},
	}
	level.Set(slog.LevelWarn)
	c.Flags().StringVar(&d.Listen, "listen", "127.0.0.1:8080", "address of the pages; port 0 takes a free one")
	c.Flags().StringVar(&d.State, "state", filepath.Join(os.TempDir(), "podium-demo"), "folder for tokens and control socket")
	c.Flags().TextVar(&level, "log", &level, "least level that is logged: debug, info, warn or error")
	return c
}
