package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"podium/internal/enrolment"
)

func newEnroll() *cobra.Command {
	var server, path, from string
	var asJSON bool
	c := &cobra.Command{
		Use: "enroll {CODE | --from FILE}", Short: "Make this machine a podium of a stage, by a code that its host reads out",
		Long: `Get this podium's credential for a code that a host makes (on the console: Add a
podium; or podium host add-podium). The stage's key is pinned on the way: who
stands between podium and stage cannot know the code. Both are written where
podium run reads them; the service starts by itself then.

With --from, server and code come from a file, as one that was put onto the boot
partition of a memory card: a podium.yaml with a line code: CODE. What else it
says becomes the podium's configuration. It is moved away when it was taken in.`,
		Example: "  sudo podium enroll K7QM-3XWP\n  sudo podium enroll K7QM-3XWP --server https://stage.example:8080\n  sudo podium enroll --from /boot/firmware/podium.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 0) == (from == "") {
				return usageError{errors.New("give either CODE or --from FILE")}
			}
			if from != "" {
				e, err := enrolment.TakeIn(c.Context(), from, path)
				if err != nil {
					return err
				}
				return tellEnrolled(c, e, asJSON)
			}
			if err := enrolment.Prepare(path); err != nil {
				return err
			}
			e, err := enrolment.Find(c.Context(), server, args[0])
			if err != nil {
				return err
			}
			if err := enrolment.Adopt(path, e); err != nil {
				return fmt.Errorf("the code is used up, and what it gave could not be kept: %w", err)
			}
			return tellEnrolled(c, e, asJSON)
		},
	}
	flagOrEnv(c, &server, "server", serverEnv, "", "the stage server's address; without one the local network is asked")
	c.Flags().StringVar(&path, "config", "/etc/podium/podium.yaml", "the podium's configuration, made if it is not there")
	c.Flags().StringVar(&from, "from", "", "a file with server and code")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func tellEnrolled(c *cobra.Command, e enrolment.Enrolled, asJSON bool) error {
	if asJSON {
		return printJSON(c.OutOrStdout(), e)
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), "%s (%s) of meeting %s at %s.\nThe service starts by itself; one that runs already: systemctl restart podium\n", e.Name, e.UserID, e.Meeting, e.Server)
	return err
}
