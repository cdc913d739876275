package technician

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"podium/config"
	"podium/internal/trust"
)

const (
	// serverLimit is how long the server may take to answer.
	serverLimit = 5 * time.Second
	// clockLimit is by how much two clocks may differ before tokens are refused for it.
	clockLimit = 30 * time.Second
)

// server asks the stage whether it is well, by the way that the podium takes.
func (m machine) server(ctx context.Context, c config.Podium) []Result {
	pin, err := trust.NewPin(c.Server, c.Fingerprint)
	if err != nil {
		return []Result{bad("server", "give server as https://, or take serverFingerprint out", "%v", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, serverLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+"/healthz", nil)
	if err != nil {
		return []Result{bad("server", "set server to the stage's address, such as https://hall.example:8443", "%v", err)}
	}
	hc := pin.Client()
	if hc == nil {
		hc = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	}
	asked := m.now()
	answer, err := hc.Do(request)
	if err != nil {
		next := "is the stage running (systemctl status podium-stage), is the address right, is the network up (ping)?"
		if advice := trust.Advice(err); advice != "" {
			next = advice
		}
		return []Result{bad("server", next, "%v", err)}
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // the status says it all
	if answer.StatusCode != http.StatusOK {
		return []Result{bad("server", "look at the stage's log: journalctl -u podium-stage", "%s answers %s", c.Server, answer.Status)}
	}
	how := "without TLS: others on the way can read the token"
	switch {
	case !c.Fingerprint.IsZero():
		how = "by its pinned key"
	case strings.HasPrefix(c.Server, "https://"):
		how = "by the system's authorities"
	}
	return append([]Result{good("server", "%s is well, %s", c.Server, how)}, clock(answer.Header.Get("Date"), asked, m.now())...)
}

// clock compares the two clocks: tokens have a beginning and an end.
func clock(date string, asked, answered time.Time) []Result {
	theirs, err := http.ParseTime(date)
	if err != nil {
		return nil // it does not say
	}
	ahead := asked.Sub(theirs.Add(time.Second)) // Date is cut to whole seconds
	behind := theirs.Sub(answered)
	if off := max(ahead, behind); off > clockLimit {
		return []Result{bad("clock", "set the clocks: timedatectl set-ntp true, on both machines", "this machine's clock is %s off the server's: tokens may be refused for it", off.Round(time.Second))}
	}
	return []Result{good("clock", "%s", fmt.Sprintf("within %s of the server's", clockLimit))}
}
