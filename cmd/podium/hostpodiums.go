package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"podium/stage/client"
)

func newHostAddPodium() *cobra.Command {
	var name string
	c := &cobra.Command{
		Use: "add-podium [USERID]", Short: "Make a code that a podium is enrolled with, once, within ten minutes",
		Example: "  podium host add-podium\n  podium host add-podium pulpit --name 'The pulpit'",
		Args:    cobra.MaximumNArgs(1),
	}
	c.Flags().StringVar(&name, "name", "", "the name that the others see")
	return hostCommand(c, func(ctx context.Context, rest *client.REST, args []string) (client.Code, error) {
		p := client.NewPodium{DisplayName: name}
		if len(args) > 0 {
			p.UserID = args[0]
		}
		return rest.AddPodium(ctx, p)
	}, func(w io.Writer, code client.Code) {
		fmt.Fprintf(w, "%s\tfor %s (%s), until %s\n", code.Code, code.DisplayName, code.UserID, code.ExpiresAt.Local().Format(time.TimeOnly))
		fmt.Fprintf(w, "\ton the podium: sudo podium enroll %s --server URL\n", code.Code)
	})
}

func newHostPodiums() *cobra.Command {
	c := &cobra.Command{
		Use: "podiums", Short: "List the podiums that were enrolled by a code",
		Example: "  podium host podiums --json",
		Args:    cobra.NoArgs,
	}
	return hostCommand(c, func(ctx context.Context, rest *client.REST, _ []string) ([]client.EnrolledPodium, error) {
		return rest.Podiums(ctx)
	}, func(w io.Writer, list []client.EnrolledPodium) {
		fmt.Fprintln(w, "USERID\tNAME\tCONNECTED\tENROLLED\tBY")
		for _, p := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.UserID, p.DisplayName, yesNo(p.Connected), p.EnrolledAt.Local().Format(time.DateTime), p.By)
		}
	})
}

func newHostWithdraw() *cobra.Command {
	c := &cobra.Command{
		Use: "withdraw USERID", Short: "Take a podium's credential from it: it goes off, and cannot come back without a new code",
		Example: "  podium host withdraw podium-7",
		Args:    cobra.ExactArgs(1),
	}
	return hostCommand(c, func(ctx context.Context, rest *client.REST, args []string) (struct{}, error) {
		return struct{}{}, rest.WithdrawPodium(ctx, args[0])
	}, func(io.Writer, struct{}) {})
}
