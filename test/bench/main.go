package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"
)

// figure is one line of the table.
type figure struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Aim   string `json:"aim,omitempty"`
	How   string `json:"how"`
}

// measurement gives some figures; what it cannot measure it says as an error.
type measurement struct {
	name string
	take func(context.Context, *bench) ([]figure, error)
}

// bench is what the measurements share.
type bench struct {
	binary string // the built command
	arm64  string // the cross-built one; may be missing
	presses,
	turns int
	podiums, viewers int     // of the full hall
	rate             float64 // presses a second in it
}

func main() {
	var b bench
	var asJSON bool
	var only string
	flag.StringVar(&b.binary, "binary", "dist/podium", "the command to measure")
	flag.StringVar(&b.arm64, "arm64", "dist/arm64/podium", "the cross-built command")
	flag.IntVar(&b.presses, "presses", 300, "presses to measure")
	flag.IntVar(&b.turns, "turns", 20, "turns to measure")
	flag.IntVar(&b.podiums, "podiums", 1500, "podiums of the full hall")
	flag.IntVar(&b.viewers, "viewers", 10_000, "viewers of the full hall")
	flag.Float64Var(&b.rate, "rate", 5, "presses a second in the full hall")
	crowdAt := flag.String("crowd", "", "be the load process for the server at this address (internal)")
	flag.BoolVar(&asJSON, "json", false, "print JSON")
	flag.StringVar(&only, "only", "", "measure only what has this in its name: press, kick, evict, browser, sync, encode, idle, size, scale")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *crowdAt != "" {
		if err := runCrowd(ctx, *crowdAt, b.podiums, b.viewers); err != nil {
			fmt.Fprintln(os.Stderr, "the load process:", err)
			os.Exit(1)
		}
		return
	}
	figures, failed := b.measure(ctx, only)
	if err := show(os.Stdout, figures, asJSON); err != nil || failed {
		os.Exit(1)
	}
}

func (b *bench) measure(ctx context.Context, only string) (figures []figure, failed bool) {
	for _, m := range []measurement{
		{"press", pressToHost}, {"kick", kickToLastPacket}, {"evict", evictions}, {"browser", grantToFrame}, {"sync", soundAndPicture},
		{"encode", encodeCost}, {"idle", idlePodium}, {"size", binarySize}, {"scale", scale},
	} {
		if !strings.Contains(m.name, only) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring %s...\n", m.name)
		got, err := m.take(ctx, b)
		if err != nil {
			fmt.Fprintf(os.Stderr, "cannot measure %s: %v\n", m.name, err)
			failed = true
		}
		figures = append(figures, got...)
	}
	return figures, failed
}

func show(out io.Writer, figures []figure, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(figures)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FIGURE\tMEASURED\tAIM\tHOW")
	for _, f := range figures {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Name, f.Value, f.Aim, f.How)
	}
	return w.Flush()
}
