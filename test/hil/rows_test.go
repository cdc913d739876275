//go:build hil

package hil

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write docs/faults-devices.md from this run")

// faultRow is one row of docs/faults-devices.md. Times are in milliseconds.
type faultRow struct {
	Fault  string `json:"fault"`
	Again  string `json:"again"`  // what came while the fault was not over
	Status string `json:"status"` // the stage's word meanwhile
	Says   string `json:"says"`   // the fault in the status
	Lamp   string `json:"lamp"`   // the red lamp meanwhile
	End    string `json:"end"`    // what closed the gate
	Last   int64  `json:"last"`   // the last packet, after what closed the gate
	Dark   int64  `json:"dark"`   // the longest that packets left while red was dark
	Lit    int64  `json:"lit"`    // the longest that red stayed lit after a packet
	There  string `json:"there"`  // when the device was back within the turn, after its return
	Closed string `json:"closed"` // when camera and microphone were closed
	Back   string `json:"back"`   // when sound and picture were back
}

var (
	rowsMu sync.Mutex
	rows   []faultRow
)

func (r *rig) record(row faultRow) {
	rowsMu.Lock()
	defer rowsMu.Unlock()
	rows = append(rows, row)
}

// ended notes when the last packet left.
func (row *faultRow) ended(e ending) {
	row.Last = (e.last - e.decided).Milliseconds()
}

func (row *faultRow) truth(h truth) {
	row.Dark, row.Lit = h.dark.Milliseconds(), h.lit.Milliseconds()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// since tells when sound and picture were there.
func since(began, heard, shown time.Duration) string {
	return fmt.Sprintf("next turn: sound %s, picture %s after the press", seconds(heard-began), seconds(shown-began))
}

// saveRows leaves the rows behind, and writes the document when asked to.
func (r *rig) saveRows(t *testing.T) {
	text, err := json.MarshalIndent(rows, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	r.keep(t, "faults.json", append(text, '\n'))
	if !*update || t.Failed() {
		return
	}
	if err := os.WriteFile(filepath.Join(repository(t), "docs/faults-devices.md"), document(rows), 0o644); err != nil {
		t.Error(err)
	}
}

const preface = `# Faults of devices, process, clock and sleep

Written by ` + "`make hil ARGS=-update`" + ` from a run of the arm64 binary in the [virtual podium](../test/hil/README.md): an emulated
machine with lines for the lamps, a camera and a sound card of the kernel's own drivers. Each fault meets a speaker on
stage, and a second one comes while the first is not over. Of the network and the server, see [faults](faults.md).

Every row fails the run unless all of this holds: the gate stayed what it was; the device that is well went on; the
status named the fault; the loop answered; no packet left more than 20 ms after the podium's decision to close; camera
and microphone were closed a second later, or given up with a line in the log and closed once their driver let go; a
device that came back after the turn was not opened; and the next turn had picture and sound again. In place of a device
that is gone, a still picture or silence goes out, and a device that comes back within the turn is used again: at once,
if it is back for good.

- **back in the turn**: from the device's return to the end of the fault in the status. 2 s are allowed, and 500 ms to
  this machine.
- **last packet**: on the wire, from the podium's decision to close; a negative time is before it.
- **lamp wrong**: the longest that packets left while red was dark, and that red stayed lit with no packet. 250 ms each
  are allowed, and 500 ms to this machine.
- After SIGKILL and SIGSTOP nobody is there to put a lamp out. A line that nobody holds falls back here, in ` + "`gpio-sim`" + `.
  The kernel of Raspberry Pi OS lets it stay as it was unless ` + "`dtparam=strict_gpiod`" + ` is set in ` + "`config.txt`" + `
  ([raspberrypi/linux#6117](https://github.com/raspberrypi/linux/pull/6117)), until the podium is started again: that puts
  both lamps out before anything else. A podium that hangs is ended by its watchdog.
- A Raspberry Pi does not sleep; a podium on another machine may. The lamp stays as it was in its sleep, and is right as
  soon as it wakes. ` + "`CLOCK_MONOTONIC`" + ` stands still meanwhile in this machine, so that a lease or a permit that counted by
  it would go on.
`

// document is the page with the table.
func document(rows []faultRow) []byte {
	var b strings.Builder
	b.WriteString(preface)
	b.WriteString("\n| fault | then, before it is over | state meanwhile | red lamp | the turn ended by | last packet | lamp wrong | devices closed | back in the turn | speech back |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		says := r.Status
		if r.Says != "" {
			says += "; `" + r.Says + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %d ms | %d ms, %d ms | %s | %s | %s |\n",
			r.Fault, r.Again, says, r.Lamp, r.End, r.Last, r.Dark, r.Lit, r.Closed, r.There, r.Back)
	}
	return []byte(b.String())
}
