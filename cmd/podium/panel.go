package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"podium/appliance"
	"podium/control"
)

// defaultSocket is where the daemon listens unless its configuration says otherwise.
const defaultSocket = "/run/podium/podium.sock"

func newPress() *cobra.Command {
	var socket string
	var long bool
	c := &cobra.Command{
		Use: "press request|cancel", Short: "Press a button of the podium, the same as by hand",
		Example:   "  podium press request",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{string(appliance.ButtonRequest), string(appliance.ButtonCancel)},
		RunE: func(c *cobra.Command, args []string) error {
			return control.Dial(socket).Press(c.Context(), control.Press{Button: appliance.Button(args[0]), Long: long})
		},
	}
	c.Flags().BoolVar(&long, "long", false, "a long press (1.5 s)")
	flagOrEnv(c, &socket, "socket", socketEnv, defaultSocket, "the podium's control socket")
	return c
}

func newStatus() *cobra.Command {
	var socket string
	var asJSON, trace bool
	c := &cobra.Command{
		Use: "status", Short: "Show what the podium is doing and why",
		Example: "  podium status\n  podium status --json\n  podium status --trace",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if trace {
				return showTrace(c, socket, asJSON)
			}
			status, err := control.Dial(socket).Status(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), status)
			}
			return printStatus(c.OutOrStdout(), status)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.Flags().BoolVar(&trace, "trace", false, "the last steps: event, status, effects")
	flagOrEnv(c, &socket, "socket", socketEnv, defaultSocket, "the podium's control socket")
	return c
}

func showTrace(c *cobra.Command, socket string, asJSON bool) error {
	steps, err := control.Dial(socket).Trace(c.Context())
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.OutOrStdout(), steps)
	}
	return table(c.OutOrStdout(), func(w io.Writer) {
		fmt.Fprintln(w, "TIME\tEVENT\tSTATUS\tEFFECTS")
		for _, s := range steps {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.At.Format("15:04:05.000"), s.Event, s.Status, strings.Join(s.Effects, "; "))
		}
	})
}

func printStatus(out io.Writer, s appliance.Status) error {
	return table(out, func(w io.Writer) {
		fmt.Fprintf(w, "status\t%s%s\n", s.Status, inBrackets(string(s.Reason)))
		fmt.Fprintf(w, "connected\t%s, to %s\n", yesNo(s.Connected), s.Server)
		fmt.Fprintf(w, "meeting\t%s, as %s\n", s.Meeting, s.UserID)
		fmt.Fprintf(w, "lamps\tred %s, green %s\n", s.Lamps.Red, s.Lamps.Green)
		if s.Position > 0 {
			fmt.Fprintf(w, "queue\tposition %d\n", s.Position)
		}
		fmt.Fprintf(w, "on air\t%s%s\n", yesNo(s.OnAir), inBrackets(s.Gate.Why))
		if s.Media.Packets > 0 {
			m := s.Media
			fmt.Fprintf(w, "media\t%d packets, %d bytes; %s %dx%d, %.0f frames/s, %d kbit/s\n",
				m.Packets, m.Bytes, m.Encoder, m.Width, m.Height, m.FrameRate, m.BitRate/1000)
		}
		if s.Message != "" {
			fmt.Fprintf(w, "last answer\t%s\n", s.Message)
		}
		for _, f := range s.Faults {
			fmt.Fprintf(w, "fault\t%s: %s\n", f.Part, f.Text)
		}
	})
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// table lines up columns that print separates by tabs.
func table(out io.Writer, print func(io.Writer)) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	print(w)
	return w.Flush()
}

func printJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
