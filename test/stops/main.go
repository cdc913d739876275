package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// options are the flags.
type options struct {
	binary   string
	turns    int
	parallel int
	leases   int
	only     string
	seed     uint64
	json     bool
	verbose  bool
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "dist/podium", "the command to measure")
	flag.IntVar(&o.turns, "turns", 1000, "turns of each kind")
	flag.IntVar(&o.parallel, "parallel", 3, "podiums at the same time")
	flag.IntVar(&o.leases, "leases", 16, "podiums at the same time where a lease has to end")
	flag.StringVar(&o.only, "only", "", "measure only the kinds in this list, such as kick,lease")
	flag.Uint64Var(&o.seed, "seed", 1, "of the moments")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.BoolVar(&o.verbose, "v", false, "tell every turn that was slow at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "stops:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	wanted, err := choose(o.only)
	if err != nil {
		return err
	}
	if o.turns < 1 || o.parallel < 1 || o.leases < 1 {
		return errors.New("-turns, -parallel and -leases have to be 1 or more")
	}
	h, err := openHall(ctx, o)
	if err != nil {
		return err
	}
	defer h.close()
	var results []result
	for _, k := range wanted {
		r, err := h.measure(ctx, k)
		results = append(results, r)
		if err != nil {
			_ = show(os.Stdout, results, o.json)
			return fmt.Errorf("%s: %w", k.Name, err)
		}
	}
	return show(os.Stdout, results, o.json)
}

// choose gives the kinds that are named; all when none is.
func choose(only string) ([]kind, error) {
	if only == "" {
		return kinds, nil
	}
	var wanted []kind
	for _, name := range strings.Split(only, ",") {
		found := false
		for _, k := range kinds {
			if k.Name == name {
				wanted, found = append(wanted, k), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no kind %q: use kick, cancel, lease, term or kill", name)
		}
	}
	return wanted, nil
}

func show(out *os.File, results []result, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(results)
	}
	_, err := fmt.Fprint(out, table(results))
	return err
}
