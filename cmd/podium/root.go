package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"podium/config"
	"podium/control"
	"podium/internal/enrolment"
	"podium/internal/trust"
	"podium/stage"
	"podium/stage/client"
)

// The exit codes that scripts rely on.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitConfig   = 3
	exitNobody   = 4 // nobody answers at the socket or server
	exitRefused  = 5 // refused by the stage
	socketEnv    = "PODIUM_SOCKET"
	serverEnv    = "PODIUM_SERVER"
	tokenFileEnv = "PODIUM_TOKEN_FILE"
	// fingerprintEnv is for the host's commands; a podium has PODIUM_SERVER_FINGERPRINT.
	fingerprintEnv = "PODIUM_FINGERPRINT"
)

// usageError is a mistake in the command line.
type usageError struct{ error }

// execute runs one command line and gives its exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var refused *stage.Error
	if errors.As(err, &refused) {
		fmt.Fprintf(stderr, "podium: error %d: %s\n", refused.Code, printableLines(err.Error()))
	} else {
		fmt.Fprintln(stderr, "podium:", printableLines(err.Error()))
	}
	if advice := trust.Advice(err); advice != "" {
		fmt.Fprintln(stderr, "podium:", advice)
	}
	code := exitCode(err)
	if code == exitUsage {
		fmt.Fprintln(stderr, "Run 'podium --help' for usage.")
	}
	return code
}

func exitCode(err error) int {
	var (
		usage   usageError
		invalid *config.Error
		refused *stage.Error
		turned  *client.RefusedError
		wrong   *client.ProtocolError
	)
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &invalid):
		return exitConfig
	case errors.Is(err, control.ErrNobody), errors.Is(err, client.ErrUnreachable), errors.Is(err, enrolment.ErrUnreachable):
		return exitNobody
	case errors.As(err, &refused), errors.As(err, &turned), errors.As(err, &wrong), errors.Is(err, enrolment.ErrRefused), errors.Is(err, enrolment.ErrImpostor):
		return exitRefused
	default:
		return exitFailed
	}
}

// extra are commands for those who make the package.
var extra []func() *cobra.Command

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "podium",
		Short: "A speaker's podium: ask for the stage, go on air when a host grants it",
		Long: `Podium is the firmware of a speaker's podium and the stage server behind it.
A speaker presses a button to ask for the stage, a host grants or denies, lamps
tell the speaker where they stand, and only after the grant do camera and
microphone go out.`,
		Example: `  podium demo                              the whole system on this machine
  podium stage --config /etc/podium/stage.yaml
  podium run --config /etc/podium/podium.yaml
  podium status --json`,
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newDemo(), newStage(), newRun(), newPress(), newStatus(), newHost(), newToken(), newFingerprint(), newEnroll(), newCheck(), newDevices(), newTestLamps(), newTestButtons(), newVersion())
	for _, command := range extra {
		root.AddCommand(command())
	}
	for _, c := range root.Commands() {
		markUsage(c)
	}
	root.Args, root.RunE = onlyCommands, func(c *cobra.Command, _ []string) error { return c.Help() }
	return root
}

func onlyCommands(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())}
	}
	return nil
}

// markUsage makes wrong arguments of a command and its sub-commands a
// usageError, with exit code 2.
func markUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{fmt.Errorf("%w; for example: %s", err, c.Example)}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		markUsage(sub)
	}
}

// flagOrEnv registers a flag whose default the environment replaces.
func flagOrEnv(c *cobra.Command, into *string, name, env, fallback, usage string) {
	if value := os.Getenv(env); value != "" {
		fallback = value
	}
	c.Flags().StringVar(into, name, fallback, usage+" ($"+env+")")
}
