package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"podium/stage"
	"podium/stage/client"
)

func newHostRecord() *cobra.Command {
	var asCSV bool
	c := hostCommand(&cobra.Command{
		Use: "record", Short: "Show who was on stage, from when to when, let in by whom", Args: cobra.NoArgs,
		Example: "  podium host record --token-file host.token\n  podium host record --csv --token-file host.token > record.csv",
	}, func(ctx context.Context, rest *client.REST, _ []string) ([]stage.Entry, error) {
		return rest.Record(ctx)
	}, showRecord)
	c.Flags().BoolVar(&asCSV, "csv", false, "as CSV (RFC 4180)")
	show := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		switch {
		case !asCSV:
			return show(c, args)
		case c.Flags().Changed("json"):
			return usageError{errors.New("give --csv or --json, not both")}
		}
		given := func(name string) string { return c.Flag(name).Value.String() }
		f := hostFlags{server: given("server"), tokenFile: given("token-file"), fingerprint: given("fingerprint"), stderr: c.ErrOrStderr}
		return f.with(c.Context(), func(ctx context.Context, rest *client.REST) error {
			return rest.RecordCSV(ctx, c.OutOrStdout())
		})
	}
	return c
}

func showRecord(w io.Writer, entries []stage.Entry) {
	fmt.Fprintln(w, "USER\tNAME\tFROM\tTO\tON STAGE\tON AIR\tHOW\tLET IN BY\tMEDIA\tEND\tENDED BY")
	for _, e := range entries {
		to := "still on stage"
		if e.OffStageAt != nil {
			to = moment(*e.OffStageAt)
		}
		row(w, word(e.UserID), strconv.Quote(e.DisplayName), moment(e.OnStageAt), to, length(e.OnStageMs), length(e.OnAirMs),
			string(e.How), orDash(e.LetInBy), mediaWords(e.Media), orDash(string(e.EndReason)), orDash(e.EndedBy))
	}
}

func moment(t stage.Time) string { return t.Local().Format(time.DateTime) }

func length(ms int64) string {
	return (time.Duration(ms) * time.Millisecond).Round(100 * time.Millisecond).String()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return word(text)
}
