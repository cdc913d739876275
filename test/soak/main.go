package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	turns    int
	stations int
	samples  int
	seed     uint64
	json     bool
	out      string
	only     string
}

func main() {
	var o options
	child := flag.String("child", "", "be a stage or podiums, and answer at this socket (internal)")
	flag.IntVar(&o.turns, "turns", 10_000, "turns in all")
	flag.IntVar(&o.stations, "podiums", 12, "podiums at the same time")
	flag.IntVar(&o.samples, "samples", 0, "how often everything rests and is counted (0: 24 times, less often in a short run)")
	flag.Uint64Var(&o.seed, "seed", 1, "of what happens")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.StringVar(&o.out, "out", "test-output/soak", "folder for the profiles of a run that grew")
	flag.StringVar(&o.only, "only", "", "draw only the ends in this list, such as kick,lapse")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *child != "" {
		err = beChild(ctx, *child, flag.Args())
	} else {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// mostSamples is how often a long run is interrupted.
const mostSamples = 24

var errGrown = errors.New("something grew")

func run(ctx context.Context, o options) error {
	if o.samples == 0 {
		o.samples = max(leastSamples, min(mostSamples, o.turns/100))
	}
	if o.turns < 1 || o.stations < 1 || o.samples < leastSamples {
		return fmt.Errorf("-turns and -podiums have to be 1 or more, -samples %d or more", leastSamples)
	}
	ends, err := choose(o.only)
	if err != nil {
		return err
	}
	began := time.Now()
	s, err := openSoak(ctx, o, ends)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.run(ctx); err != nil {
		return err
	}
	r := s.report(time.Since(began))
	if err := r.print(os.Stdout, o.json); err != nil {
		return err
	}
	if len(r.Grown) > 0 {
		s.explain(ctx, os.Stderr)
		return errGrown
	}
	return nil
}
