package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"podium/stage"
	"podium/stage/client"
)

func newHostSettings() *cobra.Command {
	return hostCommand(&cobra.Command{
		Use: "settings [KEY=VALUE...]", Short: "Show the meeting's settings, or change some of them", Args: cobra.ArbitraryArgs,
		Long: `Shows the settings of the meeting; with KEY=VALUE changes these while it runs.
Times are written like 90s or 5m. The keys:

` + settingsHelp(),
		Example: "  podium host settings --token-file host.token\n  podium host settings mode=fifo stageLimit=3 speakingTime=5m --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, args []string) (stage.Settings, error) {
		if len(args) == 0 {
			return rest.Settings(ctx)
		}
		patch, err := readSettings(args)
		if err != nil {
			return stage.Settings{}, usageError{err}
		}
		return rest.UpdateSettings(ctx, patch)
	}, showSettings)
}

// timeSuffix ends the keys that are times in ms; the command takes them as Go
// durations, without it.
const timeSuffix = "Ms"

func settingsHelp() string {
	var b strings.Builder
	for _, line := range [][2]string{
		{"stageEnabled=true|false", "false takes everybody off the stage"},
		{"mode=request|fifo|open|override", "a host grants; the next in the queue; whoever asks; whoever asks, and the longest-speaking goes off"},
		{"stageLimit=N, queueLimit=N", "at most so many on stage, in the queue; 0: any number"},
		{"requestsClosed=true|false", "true refuses new requests"},
		{"media=audio,video|audio|video", "what a grant covers"},
		{"grantExpiry=TIME", "how long a grant waits for its speaker; 0: for ever"},
		{"speakingTime=TIME", "how long a turn may last; 0: without end"},
		{"speakingWarning=TIME", "how long before the end the warning begins; 0: none"},
		{"speakingEnd=warn|off", "at the end: warn on, or take off the stage"},
		{"rejectionWait=TIME", "how long one who was rejected waits; 0: not at all"},
		{"priority=suspend|remove", "what a chair's priority does to the others"},
	} {
		fmt.Fprintf(&b, "  %-33s %s\n", line[0], line[1])
	}
	return strings.TrimRight(b.String(), "\n")
}

// settingsKeys are the keys as the command takes and shows them.
func settingsKeys() []string {
	keys := slices.Clone(stage.SettingsKeys)
	for i, key := range keys {
		keys[i] = strings.TrimSuffix(key, timeSuffix)
	}
	return keys
}

// readSettings reads KEY=VALUE arguments.
func readSettings(args []string) (stage.SettingsPatch, error) {
	values := map[string]any{}
	for _, arg := range args {
		key, text, ok := strings.Cut(arg, "=")
		if !ok {
			return stage.SettingsPatch{}, fmt.Errorf("%s is not KEY=VALUE", word(arg))
		}
		wire, value, err := readSetting(key, text)
		if err != nil {
			return stage.SettingsPatch{}, err
		}
		if _, twice := values[wire]; twice {
			return stage.SettingsPatch{}, fmt.Errorf("%s is given twice", key)
		}
		values[wire] = value
	}
	data, err := json.Marshal(values)
	if err != nil {
		return stage.SettingsPatch{}, err
	}
	var patch stage.SettingsPatch
	if err := json.Unmarshal(data, &patch); err != nil {
		var mistyped *json.UnmarshalTypeError
		if errors.As(err, &mistyped) {
			return patch, fmt.Errorf("%s cannot be a %s", mistyped.Field, mistyped.Value)
		}
		return patch, err
	}
	return patch, patch.Check()
}

// readSetting gives the wire's key of a setting and its value.
func readSetting(key, text string) (wire string, value any, err error) {
	switch {
	case slices.Contains(stage.SettingsKeys, key+timeSuffix):
		d, err := time.ParseDuration(text)
		if err != nil {
			return "", nil, fmt.Errorf("%s=%s is no time: write it like 90s or 5m", key, word(text))
		}
		return key + timeSuffix, millis(d), nil
	case !slices.Contains(stage.SettingsKeys, key):
		return "", nil, fmt.Errorf("there is no setting %s; there are %s", word(key), strings.Join(settingsKeys(), ", "))
	case key == "media":
		return key, strings.Split(text, ","), nil
	}
	if yes, err := strconv.ParseBool(text); err == nil && text != "0" && text != "1" {
		return key, yes, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return key, n, nil
	}
	return key, text, nil
}

// showSettings prints what the command takes again.
func showSettings(w io.Writer, s stage.Settings) {
	data, err := json.Marshal(s)
	if err != nil {
		return // of its own type: it cannot fail
	}
	values := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&values) != nil {
		return
	}
	for _, key := range stage.SettingsKeys {
		name, isTime := strings.CutSuffix(key, timeSuffix)
		text := fmt.Sprint(values[key])
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && isTime {
			text = (time.Duration(n) * time.Millisecond).String()
		}
		if key == "media" {
			text = strings.ReplaceAll(mediaWords(s.Media), "+", ",")
		}
		row(w, name+"="+text)
	}
}

func newHostPriority() *cobra.Command {
	return hostCommand(&cobra.Command{
		Use: "priority on|off", Short: "Silence all others on stage, or let them go on",
		Long: `Takes a chair's priority for this token's user, or ends it whoever holds it.
It also ends when its holder leaves the meeting.`,
		Args: cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs), ValidArgs: []string{"on", "off"},
		Example: "  podium host priority on --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, args []string) (stage.Priority, error) {
		return rest.SetPriority(ctx, args[0] == "on")
	}, func(w io.Writer, p stage.Priority) {
		if p.Held {
			fmt.Fprintf(w, "priority\theld by %s\t%q\n", word(p.UserID), p.DisplayName)
			return
		}
		fmt.Fprintln(w, "priority\tnot held")
	})
}
