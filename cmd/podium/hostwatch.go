package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"podium/stage"
	"podium/stage/client"
)

func newHostWatch() *cobra.Command {
	var f hostFlags
	c := &cobra.Command{
		Use: "watch", Short: "Print what happens in the meeting, line by line, until interrupted", Args: cobra.NoArgs,
		Long: `Joins the meeting as a host and prints its events as they come, one a line. With
--json each line is an object {at, event, params} as docs/protocol.md has it;
"connected" and "disconnected" tell of the connection itself, which is made anew.`,
		Example: "  podium host watch --json --token-file host.token",
		RunE: func(c *cobra.Command, _ []string) error {
			token, err := f.token()
			if err != nil {
				return err
			}
			if _, err := client.Describe(token); err != nil {
				return usageError{err}
			}
			return watch(c.Context(), f, token, c.OutOrStdout())
		},
	}
	f.add(c)
	return c
}

// watch prints events until the context ends, or the server cannot be joined at
// first, or refuses the token.
func watch(ctx context.Context, f hostFlags, token string, out io.Writer) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	joined := false
	handle := func(r client.Report) {
		var line watched
		switch r := r.(type) {
		case client.Connected:
			joined = true
			line = watched{Event: "connected", Params: encodeParams(r.Joined)}
		case client.Notification:
			line = watched{Event: r.Event, Params: r.Params}
		case client.Disconnected:
			var turned *client.RefusedError
			if !joined || errors.As(r.Err, &turned) {
				stop(r.Err)
				return
			}
			line = watched{Event: "disconnected", Params: encodeParams(map[string]string{"message": r.Err.Error()})}
		default:
			return
		}
		line.At = stage.Time{Time: time.Now()}
		if err := line.print(out, f.json); err != nil {
			stop(err)
		}
	}
	pin, err := f.pin()
	if err != nil {
		return err
	}
	conn, err := client.New(client.Config{Server: f.server, Token: func() (string, error) { return token, nil }, TLS: pin.TLS(), Handle: handle})
	if err != nil {
		return usageError{err}
	}
	if err := conn.Run(ctx); err != nil {
		return err
	}
	if why := context.Cause(ctx); !errors.Is(why, context.Canceled) {
		return why
	}
	return nil
}

// watched is one line: an event of the meeting or of the connection.
type watched struct {
	At     stage.Time      `json:"at"`
	Event  stage.Event     `json:"event"`
	Params json.RawMessage `json:"params"`
}

// encodeParams encodes a value of our own types: it cannot fail.
func encodeParams(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return data
}

func (l watched) print(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(l)
	}
	_, err := fmt.Fprintf(out, "%s  %s\n", l.At.Local().Format("15:04:05.000"), l.sentence())
	return err
}

// sentence says what a person wants to know of an event; of those that are not
// known, all there is.
func (l watched) sentence() string {
	switch l.Event {
	case "connected":
		return say(l, func(j stage.Joined) string {
			return fmt.Sprintf("connected as %s, %d participants, mode %s", word(j.Self.UserID), len(j.Participants), j.Settings.Mode)
		})
	case stage.EventNewRequest:
		return say(l, func(n stage.NewRequest) string {
			return fmt.Sprintf("%s %q asks for the stage; %d waiting", word(n.Request.UserID), n.Request.DisplayName, n.Count)
		})
	case stage.EventAccessRequests:
		return say(l, func(list stage.RequestList) string {
			words := []string{"the queue:"}
			for _, r := range list.StageRequests {
				words = append(words, word(r.UserID))
			}
			if len(words) == 1 {
				return "the queue is empty"
			}
			return strings.Join(words, " ")
		})
	case stage.EventParticipantStatus:
		return say(l, func(p stage.ParticipantStatus) string {
			return fmt.Sprintf("%s %s -> %s%s", who(p.Participant), p.Previous, p.Status, because(p.Reason, p.By))
		})
	case stage.EventParticipantJoined:
		return say(l, func(p stage.ParticipantUpdate) string { return who(p.Participant) + " joined the meeting" })
	case stage.EventParticipantLeft:
		return say(l, func(p stage.ParticipantUpdate) string { return who(p.Participant) + " left the meeting" })
	case stage.EventParticipantOnAir:
		return say(l, func(p stage.ParticipantUpdate) string {
			return who(p.Participant) + map[bool]string{true: " is on air", false: " is off air"}[p.Participant.OnAir]
		})
	case stage.EventPriority:
		return say(l, func(p stage.Priority) string {
			if p.Held {
				return fmt.Sprintf("priority is held by %s %q", word(p.UserID), p.DisplayName)
			}
			return "priority is given up"
		})
	case stage.EventViewerCount:
		return say(l, func(v stage.ViewerCount) string { return fmt.Sprintf("%d viewers", v.Count) })
	}
	return l.plain()
}

func who(p stage.Participant) string { return fmt.Sprintf("%s %q", word(p.UserID), p.DisplayName) }

func because(reason stage.Reason, by string) string {
	switch {
	case reason == "":
		return ""
	case by == "":
		return " (" + word(string(reason)) + ")"
	default:
		return " (" + word(string(reason)) + " by " + word(by) + ")"
	}
}

// say puts an event's parameters into words.
func say[T any](l watched, words func(T) string) string {
	var params T
	if json.Unmarshal(l.Params, &params) != nil {
		return l.plain()
	}
	return words(params)
}

func (l watched) plain() string { return printable(string(l.Event) + " " + string(l.Params)) }

// printable keeps foreign text from driving the terminal.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// printableLines is printable for a text that may have several.
func printableLines(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		all[i] = printable(line)
	}
	return strings.Join(all, "\n")
}
