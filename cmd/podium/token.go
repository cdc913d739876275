package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/internal/secret"
	"podium/stage"
	"podium/stage/server"
)

func newToken() *cobra.Command {
	var r server.TokenRequest
	var preset, path, out string
	c := &cobra.Command{
		Use: "token", Short: "Make a participant's token",
		Example: "  podium token --meeting hall --user podium-1 --name 'Podium 1' --preset podium --config stage.yaml --out podium.token",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if r.Meeting == "" || r.UserID == "" || preset == "" {
				return usageError{errors.New("a token needs --meeting, --user and --preset; for example:\n" + c.Example)}
			}
			if r.TTL <= 0 {
				return usageError{fmt.Errorf("--ttl %s: a token that is over before it begins is of no use; give a time like 8h", r.TTL)}
			}
			if err := readPreset(preset, &r.Preset); err != nil {
				return usageError{err}
			}
			cfg, err := config.LoadStage(path)
			if err != nil {
				return err
			}
			token, err := server.NewToken(cfg.Key, r, time.Now())
			if err != nil {
				return usageError{err}
			}
			if out != "" {
				return secret.Write(out, []byte(token+"\n"))
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), token)
			return err
		},
	}
	flags := c.Flags()
	flags.StringVar(&r.Meeting, "meeting", "", "the meeting's name")
	flags.StringVar(&r.UserID, "user", "", "the participant's stable userId")
	flags.StringVar(&r.Name, "name", "", "the name shown to the others (default: the userId)")
	flags.StringVar(&preset, "preset", "", "host, panelist, podium, viewer, or a preset as JSON object")
	flags.DurationVar(&r.TTL, "ttl", 24*time.Hour, "how long it can be used to connect")
	flags.StringVar(&path, "config", "/etc/podium/stage.yaml", "the stage's configuration, for its key")
	flags.StringVar(&out, "out", "", "file to write it to, which only you can read; without it: standard output")
	return c
}

// readPreset takes a ready-made preset's name or an object.
func readPreset(text string, into *stage.Preset) error {
	data := []byte(text)
	if text == "" || text[0] != '{' {
		quoted, err := json.Marshal(text)
		if err != nil {
			return err
		}
		data = quoted
	}
	return json.Unmarshal(data, into)
}
