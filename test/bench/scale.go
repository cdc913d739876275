package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"podium/test/rig"
)

// hall is one meeting with many people: the server and the crowd are processes of
// their own, and the host and the podiums that press are in this one.
type hall struct {
	podiums, viewers int
	presses          int
	rate             float64       // presses a second, each followed by a cancel
	lost             time.Duration // how long the loss of the crowd is watched

	address string
	server  *rig.Stage
	crowd   *exec.Cmd
	reports *json.Decoder
	release io.Closer // ends the crowd
	folder  string
}

// pressers are the podiums that press in turn; few enough to stay under nobody's
// limit for floods, and the rest of the podiums listen.
const pressers = 50

const quiet = 10 * time.Second

// scale measures one meeting of 1,500 podiums and 10,000 viewers.
func scale(ctx context.Context, b *bench) ([]figure, error) {
	h := &hall{podiums: b.podiums, viewers: b.viewers, presses: b.presses, rate: b.rate, lost: lostFor}
	defer h.stop()
	return h.measure(ctx, b.binary, quiet)
}

func (h *hall) measure(ctx context.Context, binary string, quiet time.Duration) ([]figure, error) {
	if err := h.startServer(ctx, binary); err != nil {
		return nil, err
	}
	empty, err := rig.UsageOf(h.server.PID())
	if err != nil {
		return nil, err
	}
	figures, err := h.fill(ctx)
	if err != nil {
		return figures, err
	}
	for _, take := range []func() ([]figure, error){
		func() ([]figure, error) { return h.rest(empty.RSS, quiet) },
		h.oneMore,
		h.press,
	} {
		got, err := take()
		figures = append(figures, got...)
		if err != nil {
			return figures, err
		}
	}
	return figures, nil
}

func (h *hall) startServer(ctx context.Context, binary string) (err error) {
	if h.folder, err = os.MkdirTemp("", "podium-scale-"); err != nil {
		return err
	}
	if h.server, err = rig.StartStage(ctx, rig.StageOptions{Command: []string{binary}, Folder: h.folder, Settings: "log: warn\n"}); err != nil {
		return err
	}
	h.address = h.server.Address
	return nil
}

// fill starts the load process and waits until everybody has joined.
func (h *hall) fill(ctx context.Context) ([]figure, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	h.crowd = exec.CommandContext(ctx, self, crowdArguments(h.address, h.podiums-pressers, h.viewers)...)
	h.crowd.Stderr = os.Stderr
	if h.release, err = h.crowd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := h.crowd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	h.reports = json.NewDecoder(bufio.NewReader(out))
	if err := h.crowd.Start(); err != nil {
		return nil, err
	}
	var figures []figure
	for _, who := range []string{"podiums", "viewers"} {
		var r crowdReport
		if err := h.reports.Decode(&r); err != nil {
			return figures, fmt.Errorf("the load process ended: %w", err)
		}
		figures = append(figures, figure{
			fmt.Sprintf("%d %s join", r.Joined, who), fmt.Sprintf("%.1f s", r.Took), "",
			fmt.Sprintf("%d at a time, from the connection to meeting.join's answer", dialers),
		})
	}
	return figures, nil
}

// rest measures the hall while nothing happens but pings.
func (h *hall) rest(emptyKB int, quiet time.Duration) ([]figure, error) {
	time.Sleep(quiet / 2) // what joining has left over is collected
	cpu, err := h.cpuOver(func() error { time.Sleep(quiet); return nil })
	if err != nil {
		return nil, err
	}
	used, err := rig.UsageOf(h.server.PID())
	if err != nil {
		return nil, err
	}
	n := h.podiums - pressers + h.viewers
	return []figure{
		{"memory of a quiet connection", fmt.Sprintf("%.1f kB", float64(used.RSS-emptyKB)/float64(n)), "",
			fmt.Sprintf("VmRSS of the server over %d connections, less that of the empty server (%.0f MB of %.0f)", n, float64(used.RSS-emptyKB)/1024, float64(used.RSS)/1024)},
		{"CPU of the quiet hall", cpu, "", "the server's utime+stime: pings and pongs"},
	}, nil
}

// cpuOver gives the server's share of one core while do runs.
func (h *hall) cpuOver(do func() error) (string, error) {
	before, err := rig.CPUTime(h.server.PID())
	if err != nil {
		return "", err
	}
	began := time.Now()
	if err := do(); err != nil {
		return "", err
	}
	after, err := rig.CPUTime(h.server.PID())
	return fmt.Sprintf("%.0f %% of a core", 100*float64(after-before)/float64(time.Since(began))), err
}

// oneMore measures a viewer who joins the full hall.
func (h *hall) oneMore() ([]figure, error) {
	var times rig.Times
	cpu, err := h.cpuOver(func() error {
		for n := range 50 {
			token, err := benchToken(fmt.Sprintf("late-%d", n), "viewer")
			if err != nil {
				return err
			}
			l, err := dialLink(h.address, "127.0.0.1", token)
			if err != nil {
				return err
			}
			began := time.Now()
			if err := l.join(); err != nil {
				return err
			}
			times = append(times, time.Since(began))
			time.Sleep(20 * time.Millisecond)
			if err := l.conn.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	return []figure{{"one more viewer joins the full hall", times.String(), "", "meeting.join to its answer; the server used " + cpu}}, err
}

// end lets the crowd go and hears whether it was served to the end.
func (h *hall) end() ([]figure, error) {
	_ = h.release.Close()
	var r crowdReport
	if err := h.reports.Decode(&r); err != nil {
		return nil, fmt.Errorf("the load process ended: %w", err)
	}
	if r.Lost {
		return nil, errors.New("the server cut connections of the crowd")
	}
	return []figure{{"frames the crowd got", fmt.Sprint(r.Frames), "", "none of its connections was cut"}}, nil
}

func (h *hall) stop() {
	if h.crowd != nil && h.crowd.Process != nil {
		_ = h.release.Close()
		_ = h.crowd.Process.Kill()
		_ = h.crowd.Wait()
	}
	if h.server != nil {
		_ = h.server.End(startLimit) // how the server ends is measured elsewhere
	}
	_ = os.RemoveAll(h.folder)
}
