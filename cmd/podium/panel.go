package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"podium/appliance"
	"podium/control"
	"podium/internal/machine"
	"podium/stage"
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
			row(w, s.At.Format("15:04:05.000"), s.Event, string(s.Status), strings.Join(s.Effects, "; "))
		}
	})
}

func printStatus(out io.Writer, s appliance.Status) error {
	return table(out, func(w io.Writer) {
		row(w, "status", string(s.Status)+inBrackets(string(s.Reason)))
		row(w, "connected", yesNo(s.Connected)+", to "+s.Server+inBrackets(inTheClear(s.Server)))
		row(w, "meeting", s.Meeting+", as "+s.UserID)
		row(w, "lamps", fmt.Sprintf("red %s, green %s", s.Lamps.Red, s.Lamps.Green))
		if s.Position > 0 {
			row(w, "queue", fmt.Sprintf("position %d", s.Position))
		}
		printExtras(w, s)
		row(w, "on air", yesNo(s.OnAir)+inBrackets(s.Gate.Why))
		row(w, "gate", gate(s.Gate))
		if s.Media.Packets > 0 {
			row(w, "media", sent(s.Media))
		}
		if l := s.Media.Level; l != nil {
			row(w, "sound", loudness(*l))
		}
		if s.Message != "" {
			row(w, "last answer", s.Message+comeBack(s.Refusal))
		}
		if s.Machine != nil {
			printMachine(w, *s.Machine)
		}
		for _, f := range s.Faults {
			row(w, "fault", fmt.Sprintf("%s: %s", f.Part, f.Text))
		}
	})
}

// inTheClear says that a connection which leaves this machine has no TLS.
func inTheClear(server string) string {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" || u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback() {
		return ""
	}
	return "no TLS: others on the way can read the token"
}

// printExtras prints what the extras of the stage have to say.
func printExtras(w io.Writer, s appliance.Status) {
	if g := s.Grant; g != nil {
		row(w, "grant", granted(*g, s.Status))
	}
	if s.Suspended {
		fmt.Fprintln(w, "priority\ta chair holds it: the turn goes on silently, and by itself after it")
	}
	if t := s.SpeakingTime; t != nil {
		row(w, "speaking time", string(t.Phase)+inBrackets(remaining(*t)))
	}
	if s.IdentifyMs > 0 {
		row(w, "identify", "the lamps flash for "+seconds(s.IdentifyMs)+" more")
	}
}

// gate names all that speaks against media leaving.
func gate(g appliance.Gate) string {
	if g.Open {
		return "open"
	}
	causes := make([]string, len(g.Reasons))
	for i, r := range g.Reasons {
		causes[i] = string(r.Reason)
	}
	return "closed: " + strings.Join(causes, ", ")
}

func granted(g appliance.Grant, status stage.Status) string {
	text := "approved"
	if g.Invited {
		text = "invited"
	}
	if status == stage.Accepted {
		text += ", press request"
		if g.RemainingMs > 0 {
			text += " within " + seconds(g.RemainingMs)
		}
	}
	if len(g.Media) > 0 {
		text += inBrackets(carried(g.Media))
	}
	return text
}

func carried(list []stage.Media) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = string(m)
	}
	return strings.Join(words, " and ")
}

func remaining(t appliance.SpeakingTime) string {
	switch {
	case t.LimitMs == 0:
		return ""
	case t.RemainingMs < 0:
		return seconds(-t.RemainingMs) + " over"
	default:
		return seconds(t.RemainingMs) + " left"
	}
}

// comeBack says when the same press may be accepted.
func comeBack(r *appliance.Refusal) string {
	if r == nil || r.RetryAfterMs == 0 {
		return ""
	}
	return "; press again in " + seconds(r.RetryAfterMs)
}

// seconds gives a length in whole seconds, rounded up: nobody is told too little.
func seconds(ms int64) string { return fmt.Sprintf("%d s", (ms+999)/1000) }

func sent(m appliance.Media) string {
	text := fmt.Sprintf("%s: %d packets, %d bytes; %s", carried(m.Tracks), m.Packets, m.Bytes, m.Encoder)
	if m.Width > 0 {
		text += fmt.Sprintf(" %dx%d, %.0f frames/s", m.Width, m.Height, m.FrameRate)
	}
	return text + fmt.Sprintf(", %d kbit/s", m.BitRate/1000)
}

// printMachine prints what a Pi says of itself.
func printMachine(w io.Writer, m appliance.Machine) {
	if m.TemperatureC != nil {
		row(w, "temperature", fmt.Sprintf("%.1f °C", *m.TemperatureC))
	}
	for _, name := range m.Throttled {
		row(w, "held back", name+inBrackets(machine.Words(name)))
	}
	if len(m.Throttled) == 0 && len(m.Before) > 0 {
		row(w, "was held back", strings.Join(m.Before, ", ")+" since it was started")
	}
}

// loudness says how loud the sound is, and what that means.
func loudness(l appliance.Level) string {
	text := fmt.Sprintf("peak %.0f dBFS, RMS %.0f dBFS", l.Peak, l.RMS)
	switch {
	case l.Peak < -60:
		return text + ": silent; is the microphone on, and the right one?"
	case l.Peak > -0.5:
		return text + ": too loud, it is cut off; lower microphone.gain"
	}
	return text
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

// row prints one line of a table. What comes from elsewhere stays in its cell, and
// drives no terminal.
func row(w io.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = printable(cell)
	}
	fmt.Fprintln(w, strings.Join(cells, "\t"))
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
