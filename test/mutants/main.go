package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
)

func main() {
	only := flag.Int("only", 0, "the number of one property; 0: all")
	asJSON := flag.Bool("json", false, "print the results as JSON")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *only, *asJSON)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// result is what became of one mutant.
type result struct {
	Property int      `json:"property"`
	File     string   `json:"file"`
	Breaks   string   `json:"breaks"`
	Verdict  verdict  `json:"verdict"`
	By       []string `json:"by,omitempty"`     // the tests that failed
	Output   string   `json:"output,omitempty"` // of go test, where there is something to see
	Seconds  float64  `json:"seconds"`
}

func run(ctx context.Context, out io.Writer, only int, asJSON bool) error {
	work, err := copyModule(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	w := &workshop{root: work}
	if err := w.healthy(ctx, chosen); err != nil {
		return err
	}
	var results []result
	for _, p := range chosen {
		for _, m := range p.mutants {
			r, err := w.try(ctx, p, m)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%2d %-8s %5.1f s  %s: %s\n", p.number, r.Verdict, r.Seconds, m.file, m.breaks)
			results = append(results, r)
		}
	}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		err = enc.Encode(results)
	} else {
		err = printTable(out, results)
	}
	return errors.Join(err, judge(os.Stderr, results))
}

func choose(only int) ([]property, error) {
	var chosen []property
	for _, p := range properties() {
		if only == 0 || p.number == only {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("there is no property %d", only)
	}
	return chosen, nil
}

func printTable(out io.Writer, results []result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PROPERTY\tVERDICT\tFILE\tWHAT IT BREAKS\tFOUND BY")
	for _, r := range results {
		by := "-"
		if len(r.By) > 0 {
			by = r.By[0]
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", r.Property, r.Verdict, r.File, r.Breaks, by)
	}
	return w.Flush()
}

// judge is an error unless every mutant was found.
func judge(out io.Writer, results []result) error {
	killed := 0
	for _, r := range results {
		if r.Verdict == found {
			killed++
		} else {
			fmt.Fprintf(out, "\n%s (property %d): %s\n%s\n", r.File, r.Property, r.Breaks, r.Output)
		}
	}
	if killed < len(results) {
		return fmt.Errorf("%d of %d mutants were found", killed, len(results))
	}
	fmt.Fprintf(out, "all %d mutants were found\n", killed)
	return nil
}
