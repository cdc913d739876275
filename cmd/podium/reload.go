package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// reloadable are the keys that a running service takes anew. Tokens and renewed
// certificates are read when they are needed, without being told.
var reloadable = []string{"log"}

// reload reads a configuration anew at each SIGHUP, until the context ends. read gives the
// level of the log, and the keys in which the file differs from what runs.
func reload(ctx context.Context, log *slog.Logger, level *slog.LevelVar, read func() (slog.Level, []string, error)) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hangups)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
			}
			to, keys, err := read()
			if err != nil {
				log.Error("the configuration cannot be read anew; the former one stays", "err", err)
				continue
			}
			level.Set(min(to, level.Level())) // by either level, what follows is to be seen
			taken, later := []string{}, []string{}
			for _, key := range keys {
				if slices.Contains(reloadable, key) {
					taken = append(taken, key)
				} else {
					later = append(later, key)
				}
			}
			log.Info("configuration read anew", "taken", taken, "needRestart", later)
			level.Set(to)
		}
	}()
}
