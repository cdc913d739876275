package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/stage"
	"podium/stage/client"
)

// hostTimeout bounds one host call.
const hostTimeout = 10 * time.Second

// hostFlags say which stage to drive, and as whom.
type hostFlags struct {
	server, tokenFile string
	json              bool
}

func newHost() *cobra.Command {
	c := &cobra.Command{
		Use: "host", Short: "A host's methods: see who asks, grant, deny, kick",
		Example: "  podium host requests --server http://127.0.0.1:8080 --token-file host.token",
		Args:    onlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		newHostRequests(), newHostParticipants(),
		newHostDecision("grant", stage.GrantAccess, "Let these on stage"),
		newHostDecision("deny", stage.DenyAccess, "Turn these requests down"),
		newHostDecision("kick", stage.Kick, "Take these off the stage at once"),
	)
	return c
}

func (f *hostFlags) add(c *cobra.Command) {
	flagOrEnv(c, &f.server, "server", serverEnv, "http://127.0.0.1:8080", "the stage server's address")
	flagOrEnv(c, &f.tokenFile, "token-file", tokenFileEnv, "", "file with a host's token")
	c.Flags().BoolVar(&f.json, "json", false, "as JSON")
}

// with connects as the host, does one thing, and says what went wrong.
func (f *hostFlags) with(ctx context.Context, do func(context.Context, *client.REST) error) error {
	if f.tokenFile == "" {
		return usageError{errors.New("no token: give --token-file FILE or set $" + tokenFileEnv)}
	}
	token, err := config.ReadToken(f.tokenFile)
	if err != nil {
		return err
	}
	rest, err := client.NewREST(f.server, token)
	if err != nil {
		return usageError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, hostTimeout)
	defer cancel()
	return do(ctx, rest)
}

func newHostRequests() *cobra.Command {
	var f hostFlags
	c := &cobra.Command{
		Use: "requests", Short: "List who asks for the stage, first come first", Args: cobra.NoArgs,
		Example: "  podium host requests --json --token-file host.token",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, rest *client.REST) error {
				list, err := rest.Requests(ctx)
				if err != nil || f.json {
					return orJSON(err, c.OutOrStdout(), list)
				}
				return table(c.OutOrStdout(), func(w io.Writer) {
					fmt.Fprintln(w, "POSITION\tUSER\tNAME\tWAITING")
					for _, r := range list {
						fmt.Fprintf(w, "%d\t%s\t%q\t%s\n", r.Position, r.UserID, r.DisplayName, time.Since(r.RequestedAt.Time).Round(time.Second))
					}
				})
			})
		},
	}
	f.add(c)
	return c
}

func newHostParticipants() *cobra.Command {
	var f hostFlags
	c := &cobra.Command{
		Use: "participants", Short: "List who is in the meeting", Args: cobra.NoArgs,
		Example: "  podium host participants --json --token-file host.token",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, rest *client.REST) error {
				list, err := rest.Participants(ctx)
				if err != nil || f.json {
					return orJSON(err, c.OutOrStdout(), list)
				}
				return table(c.OutOrStdout(), func(w io.Writer) {
					fmt.Fprintln(w, "USER\tNAME\tPRESET\tSTATUS\tON AIR")
					for _, p := range list {
						fmt.Fprintf(w, "%s\t%q\t%s\t%s\t%s\n", p.UserID, p.DisplayName, p.Preset, p.Status, yesNo(p.OnAir))
					}
				})
			})
		},
	}
	f.add(c)
	return c
}

func orJSON(err error, out io.Writer, v any) error {
	if err != nil {
		return err
	}
	return printJSON(out, v)
}

func newHostDecision(name string, method stage.Method, short string) *cobra.Command {
	var f hostFlags
	c := &cobra.Command{
		Use: name + " USERID...", Short: short, Args: cobra.MinimumNArgs(1),
		Example: "  podium host " + name + " podium-1 --token-file host.token",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, rest *client.REST) error {
				results, err := rest.Decide(ctx, method, stage.Targets{UserIDs: args})
				if err != nil {
					return err
				}
				return showResults(c.OutOrStdout(), results, f.json)
			})
		},
	}
	f.add(c)
	return c
}

// showResults prints what came of each user; one refused makes the command fail
// with the stage's code.
func showResults(out io.Writer, results []stage.TargetResult, asJSON bool) error {
	var refused error
	for _, r := range results {
		if !r.OK && refused == nil {
			detail := strings.TrimPrefix(strings.TrimPrefix(r.Message, r.Code.String()), ": ")
			refused = fmt.Errorf("%s: %w", r.UserID, &stage.Error{Code: r.Code, Detail: detail})
		}
	}
	show := func(w io.Writer) {
		for _, r := range results {
			verdict := "ok"
			if !r.OK {
				verdict = fmt.Sprintf("%d %s", r.Code, r.Message)
			}
			fmt.Fprintf(w, "%s\t%s\n", r.UserID, verdict)
		}
	}
	if asJSON {
		return errors.Join(printJSON(out, stage.TargetResults{Results: results}), refused)
	}
	return errors.Join(table(out, show), refused)
}
