package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"podium/internal/enrolment"
)

func newEnroll() *cobra.Command {
	var server, path string
	var asJSON bool
	c := &cobra.Command{
		Use: "enroll CODE", Short: "Make this machine a podium of a stage, by a code that its host reads out",
		Long: `Get this podium's credential for a code that a host makes (on the console: Add a
podium; or podium host add-podium). The stage's key is pinned on the way: who
stands between podium and stage cannot know the code. Both are written where
podium run reads them; the service starts by itself then.`,
		Example: "  sudo podium enroll K7QM-3XWP --server https://stage.example:8080",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if server == "" {
				return usageError{errors.New("no server: give --server URL, the address of the console without /console")}
			}
			if err := enrolment.Prepare(path); err != nil {
				return err
			}
			e, err := enrolment.Ask(c.Context(), server, args[0])
			if err != nil {
				return err
			}
			if err := enrolment.Adopt(path, e); err != nil {
				return fmt.Errorf("the code is used up, and what it gave could not be kept: %w", err)
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), e)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s (%s) of meeting %s at %s.\nThe service starts by itself; one that runs already: systemctl restart podium\n", e.Name, e.UserID, e.Meeting, e.Server)
			return err
		},
	}
	flagOrEnv(c, &server, "server", serverEnv, "", "the stage server's address")
	c.Flags().StringVar(&path, "config", "/etc/podium/podium.yaml", "the podium's configuration, made if it is not there")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}
