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

	"podium/stage"
	"podium/stage/client"
)

// termFlags say what one grant covers.
type termFlags struct {
	audioOnly bool
	speaking  time.Duration
	command   *cobra.Command
}

func (t *termFlags) add(c *cobra.Command) {
	t.command = c
	c.Flags().BoolVar(&t.audioOnly, "audio-only", false, "let them on with their voice alone")
	c.Flags().DurationVar(&t.speaking, "speaking-time", 0, "how long they may speak, for example 5m; 0: without end (default: as the settings say)")
}

// terms gives what the flags say, nothing for those that were not given.
func (t *termFlags) terms() (terms client.GrantTerms, err error) {
	if t.audioOnly {
		terms.Media = []stage.Media{stage.Audio}
	}
	if t.command.Flags().Changed("speaking-time") {
		ms := millis(t.speaking)
		terms.SpeakingTimeMs = &ms
	}
	if err := (stage.SettingsPatch{SpeakingTimeMs: terms.SpeakingTimeMs}).Check(); err != nil {
		return terms, usageError{fmt.Errorf("--speaking-time %s: %w", t.speaking, err)}
	}
	return terms, nil
}

// millis gives a time in whole ms, rounded up: 0 often means something else.
func millis(d time.Duration) int64 {
	ms := d.Milliseconds()
	if d > time.Duration(ms)*time.Millisecond {
		ms++
	}
	return ms
}

// targetFlags say on whom to act.
type targetFlags struct {
	all    bool
	expect string
}

func (t *targetFlags) add(c *cobra.Command, withAll bool) {
	if withAll {
		c.Flags().BoolVar(&t.all, "all", false, "everybody who waits, in place of USERIDs")
	}
	c.Flags().StringVar(&t.expect, "expect", "", "refuse those who are not in this status any more, for example "+string(stage.Requested))
}

// targets reads the command line; --all asks the server who waits.
func (t *targetFlags) targets(ctx context.Context, rest *client.REST, userIDs []string) (stage.Targets, error) {
	expect := stage.Status(t.expect)
	switch {
	case t.expect != "" && !slices.Contains(stage.Statuses, expect):
		return stage.Targets{}, usageError{fmt.Errorf("--expect %s: use one of %v", word(t.expect), stage.Statuses)}
	case t.all && len(userIDs) > 0:
		return stage.Targets{}, usageError{errors.New("give USERIDs or --all, not both")}
	case !t.all && len(userIDs) == 0:
		return stage.Targets{}, usageError{errors.New("nobody is named: give USERIDs, or --all for everybody who waits")}
	case !t.all:
		return stage.Targets{UserIDs: userIDs, Expect: expect}, nil
	}
	list, err := rest.Requests(ctx)
	for _, r := range list {
		userIDs = append(userIDs, r.UserID)
	}
	return stage.Targets{UserIDs: userIDs, Expect: stage.Requested}, err
}

func newHostGrant() *cobra.Command {
	var terms termFlags
	c := hostDecision("grant [USERID...]", stage.GrantAccess, true, &terms)
	c.Short = "Let these on stage: approve those who ask, invite the others"
	c.Example = "  podium host grant podium-1 --audio-only --speaking-time 5m --token-file host.token\n  podium host grant --all --token-file host.token"
	terms.add(c)
	return c
}

func newHostDeny() *cobra.Command {
	c := hostDecision("deny [USERID...]", stage.DenyAccess, true, nil)
	c.Short = "Turn these requests down, or take grants back"
	c.Example = "  podium host deny podium-1 --token-file host.token\n  podium host deny --all --token-file host.token"
	return c
}

func newHostKick() *cobra.Command {
	c := hostDecision("kick USERID...", stage.Kick, false, nil)
	c.Args = cobra.MinimumNArgs(1)
	c.Short = "Take these off the stage at once"
	c.Example = "  podium host kick podium-1 --token-file host.token"
	return c
}

func hostDecision(use string, method stage.Method, withAll bool, terms *termFlags) *cobra.Command {
	var on targetFlags
	c := hostResults(&cobra.Command{Use: use, Args: cobra.ArbitraryArgs},
		func(ctx context.Context, rest *client.REST, args []string) ([]stage.TargetResult, error) {
			t, err := on.targets(ctx, rest, args)
			if err != nil || len(t.UserIDs) == 0 { // --all, and nobody waits
				return []stage.TargetResult{}, err
			}
			if terms != nil {
				given, err := terms.terms()
				if err != nil {
					return nil, err
				}
				t.Media, t.SpeakingTimeMs = given.Media, given.SpeakingTimeMs
			}
			return rest.Decide(ctx, method, t)
		})
	on.add(c, withAll)
	return c
}

func newHostNext() *cobra.Command {
	var terms termFlags
	c := hostResults(&cobra.Command{
		Use: "next", Short: "Let the first of the queue on stage", Args: cobra.NoArgs,
		Example: "  podium host next --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, _ []string) ([]stage.TargetResult, error) {
		given, err := terms.terms()
		if err != nil {
			return nil, err
		}
		return rest.GrantNext(ctx, given)
	})
	terms.add(c)
	return c
}

func newHostClear() *cobra.Command {
	return hostResults(&cobra.Command{
		Use: "clear", Short: "Turn everybody who waits down", Args: cobra.NoArgs,
		Example: "  podium host clear --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, _ []string) ([]stage.TargetResult, error) {
		return rest.ClearRequests(ctx)
	})
}

func newHostIdentify() *cobra.Command {
	var length time.Duration
	var stop bool
	c := hostResults(&cobra.Command{
		Use: "identify USERID...", Short: "Make these podiums' lamps blink, to see which they are", Args: cobra.MinimumNArgs(1),
		Example: "  podium host identify podium-1 --for 10s --token-file host.token",
	}, func(ctx context.Context, rest *client.REST, args []string) ([]stage.TargetResult, error) {
		ms := millis(length)
		switch {
		case stop:
			ms = 0
		case ms < 1 || ms > stage.IdentifyMs:
			return nil, usageError{fmt.Errorf("--for %s: give at most 30s, or --stop", length)}
		}
		return rest.Identify(ctx, stage.IdentifyParams{UserIDs: args, DurationMs: &ms})
	})
	c.Flags().DurationVar(&length, "for", stage.IdentifyMs*time.Millisecond, "how long, at most 30s")
	c.Flags().BoolVar(&stop, "stop", false, "end it now")
	return c
}

// hostResults is a host command that answers for each user; one refused makes it
// fail with the stage's code, after all have been printed.
func hostResults(c *cobra.Command, call func(context.Context, *client.REST, []string) ([]stage.TargetResult, error)) *cobra.Command {
	var results []stage.TargetResult
	hostCommand(c, func(ctx context.Context, rest *client.REST, args []string) (r stage.TargetResults, err error) {
		results, err = call(ctx, rest, args)
		return stage.TargetResults{Results: results}, err
	}, showResults)
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := run(c, args); err != nil {
			return err
		}
		return firstRefusal(results)
	}
	return c
}

func showResults(w io.Writer, r stage.TargetResults) {
	for _, one := range r.Results {
		verdict := "ok"
		switch {
		case !one.OK:
			verdict = fmt.Sprintf("%d %s", one.Code, one.Message)
		case !one.Changed:
			verdict = "ok, and was so already"
		}
		row(w, word(one.UserID), verdict)
	}
}

func firstRefusal(results []stage.TargetResult) error {
	for _, r := range results {
		if !r.OK {
			detail := strings.TrimPrefix(strings.TrimPrefix(r.Message, r.Code.String()), ": ")
			return fmt.Errorf("%s: %w", word(r.UserID), &stage.Error{Code: r.Code, Detail: detail})
		}
	}
	return nil
}
