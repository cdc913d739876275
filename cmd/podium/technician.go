package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/hw/buttons"
	"podium/internal/technician"
)

// errWrong ends podium check with exit code 1; what is wrong was told.
var errWrong = errors.New("not all is well; see the lines marked WRONG")

func newCheck() *cobra.Command {
	var path string
	var asJSON bool
	c := &cobra.Command{
		Use: "check", Short: "Say what is wrong with a configuration and with the devices it names",
		Long: `Check reads the configuration, and looks at everything that it names: the token,
the server, each line of the panel, camera and microphone. It starts no device and
says nothing to the stage, so it may run beside the service.
Exit code 0: all is well. 1: something is wrong. 3: the configuration is.`,
		Example: "  podium check --config /etc/podium/podium.yaml", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := config.LoadPodium(path)
			if err != nil {
				return err
			}
			results := []technician.Result{}
			well := technician.Check(c.Context(), cfg, func(r technician.Result) {
				results = append(results, r)
				if !asJSON {
					r.Print(c.OutOrStdout(), aligned)
				}
			})
			if asJSON {
				if err := printJSON(c.OutOrStdout(), results); err != nil {
					return err
				}
			}
			if !well {
				return errWrong
			}
			return nil
		},
	}
	c.Flags().StringVar(&path, "config", "", "configuration file (without one: defaults and environment)")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// aligned prints a line of three columns at once: a table would wait for the last.
func aligned(w io.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = printable(cell)
	}
	fmt.Fprintf(w, "%-5s  %-13s  %s\n", cells[0], cells[1], cells[2])
}

func newDevices() *cobra.Command {
	var path string
	var asJSON bool
	c := &cobra.Command{
		Use: "devices", Short: "List GPIO lines, cameras with their formats, and microphones",
		Long: `Devices lists what this machine has, what is busy and who holds it. It starts no
device and requests no line. With --config it also says what that configuration uses.`,
		Example: "  podium devices\n  podium devices --json --config /etc/podium/podium.yaml", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var cfg *config.Podium
			if path != "" {
				loaded, err := config.LoadPodium(path)
				if err != nil {
					return err
				}
				cfg = &loaded
			}
			devices := technician.Look(cfg)
			if asJSON {
				return printJSON(c.OutOrStdout(), devices)
			}
			return table(c.OutOrStdout(), func(w io.Writer) { devices.Print(w, row) })
		},
	}
	c.Flags().StringVar(&path, "config", "", "mark what this configuration uses")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// panelOf gives the panel of a configuration, or the default one.
func panelOf(path string) (config.Panel, error) {
	if path == "" {
		return config.DefaultPodium().Panel, nil
	}
	cfg, err := config.LoadPodium(path)
	if err == nil && cfg.Panel.Kind == config.PanelNone {
		err = fmt.Errorf("%s has panel.kind: none: there are no lamps and no buttons to test", path)
	}
	return cfg.Panel, err
}

func newTestLamps() *cobra.Command {
	var path, only string
	var each time.Duration
	c := &cobra.Command{
		Use: "test-lamps", Short: "Show each lamp alone, and then everything that the lamps can say",
		Long: `Test-lamps says what should be seen, and shows it: each lamp alone, and then each
line of the table of lamps. In the end all lamps are dark. The service must not run
meanwhile: it holds the lines.`,
		Example: "  podium test-lamps --config /etc/podium/podium.yaml\n  podium test-lamps --state on-air --each 10s", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := panelOf(path)
			if err != nil {
				return err
			}
			shows := technician.Shows(p)
			if only != "" {
				if shows, err = chosen(shows, only); err != nil {
					return err
				}
			}
			n := 0
			return technician.Lamps(c.Context(), nil, p, shows, each, func(s technician.Show) {
				if n++; n == 1 {
					fmt.Fprintf(c.OutOrStdout(), "%d things to see, %s each. Ctrl-C ends it.\n", len(shows), each)
				}
				fmt.Fprintf(c.OutOrStdout(), "%2d  %-16s %s\n      %s\n", n, s.Name, s.See, s.For)
			})
		},
	}
	c.Flags().StringVar(&path, "config", "", "configuration file (without one: the default lines)")
	c.Flags().StringVar(&only, "state", "", "show this one only, such as on-air")
	c.Flags().DurationVar(&each, "each", 4*time.Second, "how long to show each")
	return c
}

func chosen(shows []technician.Show, name string) ([]technician.Show, error) {
	var names []string
	for _, s := range shows {
		if s.Name == name {
			return []technician.Show{s}, nil
		}
		names = append(names, s.Name)
	}
	return nil, usageError{fmt.Errorf("there is no state %q; there are %s", name, strings.Join(names, ", "))}
}

// buttonPatience is after how long without a press it is said what to look at.
const buttonPatience = 15 * time.Second

func newTestButtons() *cobra.Command {
	var path string
	var length time.Duration
	c := &cobra.Command{
		Use: "test-buttons", Short: "Show what each button does, as it does it",
		Long: `Test-buttons tells each press, long press (1.5 s), stuck button (30 s) and release.
The service must not run meanwhile: it holds the lines.`,
		Example: "  podium test-buttons --config /etc/podium/podium.yaml\n  podium test-buttons --for 1m", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := panelOf(path)
			if err != nil {
				return err
			}
			return testButtons(c.Context(), c.OutOrStdout(), p, length)
		},
	}
	c.Flags().StringVar(&path, "config", "", "configuration file (without one: the default lines)")
	c.Flags().DurationVar(&length, "for", 0, "end after this time; 0: with Ctrl-C")
	return c
}

func testButtons(ctx context.Context, out io.Writer, p config.Panel, length time.Duration) error {
	if length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, length)
		defer cancel()
	}
	lines := slices.DeleteFunc([]string{"request on " + p.Request.Line, "cancel on " + p.Cancel.Line}, func(s string) bool { return strings.HasSuffix(s, " "+config.None) })
	fmt.Fprintf(out, "Press the buttons: %s. Ctrl-C ends it.\n", strings.Join(lines, ", "))
	advice := time.AfterFunc(buttonPatience, func() {
		fmt.Fprintln(out, "Nothing yet. Is the button wired between the line and ground (docs/wiring.md)? One to 3.3 V wants activeHigh: true. Is the line the right one (podium devices)?")
	})
	defer advice.Stop()
	began := time.Now()
	return technician.Buttons(ctx, nil, p, func(press buttons.Press) {
		advice.Stop()
		fmt.Fprintf(out, "%8.3f s  %-8s %s\n", press.At.Sub(began).Seconds(), press.Button, press.Kind)
	})
}
