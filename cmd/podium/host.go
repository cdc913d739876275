package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/internal/fingerprint"
	"podium/internal/trust"
	"podium/stage"
	"podium/stage/client"
)

// hostTimeout bounds one host call.
const hostTimeout = 10 * time.Second

// hostFlags say which stage to drive, and as whom.
type hostFlags struct {
	server, tokenFile, fingerprint string
	json                           bool
	stderr                         func() io.Writer
}

func newHost() *cobra.Command {
	c := &cobra.Command{
		Use: "host", Short: "A host's methods: see who asks, grant, deny, kick, and run the meeting",
		Example: "  podium host requests --server http://127.0.0.1:8080 --token-file host.token",
		Args:    onlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		newHostRequests(), newHostParticipants(), newHostGrant(), newHostDeny(), newHostKick(), newHostNext(), newHostClear(),
		newHostSettings(), newHostPriority(), newHostIdentify(), newHostRecord(), newHostWatch(), newHostAddPodium(), newHostPodiums(), newHostWithdraw(),
	)
	return c
}

// hostCommand is one host call with its flags: with --json what it answers is
// printed as it is, else show prints it as a table.
func hostCommand[T any](c *cobra.Command, call func(context.Context, *client.REST, []string) (T, error), show func(io.Writer, T)) *cobra.Command {
	var f hostFlags
	f.add(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return f.with(c.Context(), func(ctx context.Context, rest *client.REST) error {
			answer, err := call(ctx, rest, args)
			if err != nil {
				return err
			}
			if f.json {
				return printJSON(c.OutOrStdout(), answer)
			}
			return table(c.OutOrStdout(), func(w io.Writer) { show(w, answer) })
		})
	}
	return c
}

func (f *hostFlags) add(c *cobra.Command) {
	f.addStage(c)
	c.Flags().BoolVar(&f.json, "json", false, "as JSON")
}

func (f *hostFlags) addStage(c *cobra.Command) {
	flagOrEnv(c, &f.server, "server", serverEnv, "http://127.0.0.1:8080", "the stage server's address")
	flagOrEnv(c, &f.tokenFile, "token-file", tokenFileEnv, "", "file with a host's token")
	flagOrEnv(c, &f.fingerprint, "fingerprint", fingerprintEnv, "", "what podium fingerprint prints on the server: no other key is accepted")
	f.stderr = c.ErrOrStderr
}

func (f *hostFlags) token() (string, error) {
	if f.tokenFile == "" {
		return "", usageError{errors.New("no token: give --token-file FILE or set $" + tokenFileEnv)}
	}
	token, loose, err := config.ReadTokenFile(f.tokenFile)
	if loose != "" {
		fmt.Fprintf(f.stderr(), "podium: warning: the token %s is not kept well: %s\n", f.tokenFile, loose)
	}
	return token, err
}

// pin is what the server is held to; nil: to what the system's authorities know.
func (f *hostFlags) pin() (*trust.Pin, error) {
	var want fingerprint.Key
	var err error
	if f.fingerprint != "" {
		want, err = fingerprint.Parse(f.fingerprint)
	}
	var pin *trust.Pin
	if err == nil {
		pin, err = trust.NewPin(f.server, want)
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("--fingerprint: %w", err)}
	}
	return pin, nil
}

// with connects as the host, does one thing, and says what went wrong.
func (f *hostFlags) with(ctx context.Context, do func(context.Context, *client.REST) error) error {
	token, err := f.token()
	if err != nil {
		return err
	}
	pin, err := f.pin()
	if err != nil {
		return err
	}
	rest, err := client.NewREST(f.server, token)
	if err != nil {
		return usageError{err}
	}
	rest.Use(pin.Client())
	ctx, cancel := context.WithTimeout(ctx, hostTimeout)
	defer cancel()
	return do(ctx, rest)
}

func newHostRequests() *cobra.Command {
	return hostCommand(&cobra.Command{
		Use: "requests", Short: "List who asks for the stage, first come first", Args: cobra.NoArgs,
		Example: "  podium host requests --json --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, _ []string) ([]stage.Request, error) {
		return rest.Requests(ctx)
	}, func(w io.Writer, list []stage.Request) {
		fmt.Fprintln(w, "POSITION\tUSER\tNAME\tWAITING")
		for _, r := range list {
			fmt.Fprintf(w, "%d\t%s\t%q\t%s\n", r.Position, word(r.UserID), r.DisplayName, time.Since(r.RequestedAt.Time).Round(time.Second))
		}
	})
}

func newHostParticipants() *cobra.Command {
	return hostCommand(&cobra.Command{
		Use: "participants", Short: "List who is in the meeting", Args: cobra.NoArgs,
		Example: "  podium host participants --json --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, _ []string) ([]stage.Participant, error) {
		return rest.Participants(ctx)
	}, func(w io.Writer, list []stage.Participant) {
		fmt.Fprintln(w, "USER\tNAME\tPRESET\tSTATUS\tON AIR\tTURN")
		for _, p := range list {
			row(w, word(p.UserID), strconv.Quote(p.DisplayName), word(p.Preset), string(p.Status), yesNo(p.OnAir), turnWords(p.TurnState))
		}
	})
}

// turnWords says in a few words what there is to know of a turn.
func turnWords(t *stage.TurnState) string {
	if t == nil {
		return "-"
	}
	words := []string{mediaWords(t.Media)}
	if t.Invited {
		words = append(words, "invited")
	}
	if t.By != "" {
		words = append(words, "by "+word(t.By))
	}
	if t.Suspended {
		words = append(words, "suspended")
	}
	for _, at := range []struct {
		name string
		at   *stage.Time
	}{{"expires", t.ExpiresAt}, {"ends", t.EndsAt}} {
		if at.at != nil {
			words = append(words, at.name+" "+at.at.Local().Format(time.TimeOnly))
		}
	}
	return strings.Join(words, ", ")
}

func mediaWords(list []stage.Media) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = string(m)
	}
	return strings.Join(words, "+")
}

// word shows a foreign name: as it is if it is plain, else quoted, so that it can
// neither break a table nor drive a terminal.
func word(text string) string {
	if quoted := strconv.Quote(text); text == "" || quoted != `"`+text+`"` || strings.ContainsAny(text, " \u00a0") {
		return quoted
	}
	return text
}
