package technician

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podium/appliance"
	"podium/hw/lamp"
)

var update = flag.Bool("update", false, "write docs/lamps.md, docs/wiring.md's picture and docs/img/lamps anew")

const docs = "../../docs"

// same compares a document with what the code says, or writes it.
func same(t *testing.T, name string, want []byte) {
	t.Helper()
	path := filepath.Join(docs, name)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the code says (%v); write it anew with: go test ./internal/technician -update", path, err)
	}
}

// loop is how long a picture runs until it begins anew: every steady rhythm fits in
// it a whole number of times, and the three flashes have a pause after them.
const loop = 4 * time.Second

// drawLamp draws a lamp of a colour that does what the pattern says.
func drawLamp(b *strings.Builder, x int, colour string, p lamp.Pattern) {
	fmt.Fprintf(b, `<circle cx="%d" cy="20" r="13" fill="#22252b" stroke="#8a8f98" stroke-width="2"/>`, x)
	var values, times []string
	changes := false
	for at := time.Duration(0); at < loop; {
		opacity := "0"
		if p.Lit(at) {
			opacity = "1"
		}
		values, times = append(values, opacity), append(times, fmt.Sprintf("%.4f", at.Seconds()/loop.Seconds()))
		wait, ok := p.Next(at)
		if !ok {
			break
		}
		at, changes = at+wait, true
	}
	fmt.Fprintf(b, `<circle cx="%d" cy="20" r="11" fill="%s" opacity="%s">`, x, colour, values[0])
	if changes {
		fmt.Fprintf(b, `<animate attributeName="opacity" calcMode="discrete" dur="%gs" repeatCount="indefinite" values="%s" keyTimes="%s"/>`,
			loop.Seconds(), strings.Join(values, ";"), strings.Join(times, ";"))
	}
	b.WriteString("</circle>")
}

func lampPicture(l appliance.Lamps, says string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40" viewBox="0 0 80 40" role="img"><title>%s</title>`, says)
	b.WriteString(`<rect x="1" y="1" width="78" height="38" rx="8" fill="#14161a"/>`)
	drawLamp(&b, 22, "#ff3b30", l.Red)
	drawLamp(&b, 58, "#34c759", l.Green)
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// TestLampPageIsOfTheCode: the page and its pictures come from the table that drives
// the lamps.
func TestLampPageIsOfTheCode(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# What the lamps say

A colour is never the only carrier: two lamps in fixed places, each with its own rhythm. Red means live. Nothing flashes
faster than three times a second. Table and pictures are made from the code that drives the lamps
(` + "`go test ./internal/technician -update`" + `); ` + "`podium test-lamps --state NAME`" + ` shows one of them on the panel.

| | name | the podium | red | green |
|---|---|---|---|---|
`)
	for _, l := range appliance.Looks() {
		same(t, "img/lamps/"+l.Name+".svg", lampPicture(l.Lamps, strings.ReplaceAll(l.Says, "**", "")))
		words := func(p lamp.Pattern) string {
			if p.Words() == "" {
				return "off"
			}
			return p.Words()
		}
		fmt.Fprintf(&b, "| ![%s](img/lamps/%s.svg) | `%s` | %s | %s | %s |\n", seenOf(l.Lamps), l.Name, l.Name, l.Says, words(l.Lamps.Red), words(l.Lamps.Green))
	}
	b.WriteString(`
Red while picture or sound leave comes from packets counted as they leave, not from what the server says. It is never
taken away from the speaker: identify leaves it alone on the air, and only blinks green. What became of a press (steady
green, or three flashes) is shown through an identify too. Identify ends by itself after 30 s at most.

**A yellow lamp** (` + "`panel.yellow.line`" + `) takes faults off the green one, and shows them on the air as well: steady is this
unit (camera, microphone, panel), slow is the system (server, media). Without it a fault shows only off stage.

**A ring of lamps** (` + "`panel.ring`" + `, [wiring](wiring.md)) shows the same in one place. In ` + "`requested` and `next`" + ` it counts down:
as many of its lamps flash as the position in the queue says, one for who is next; beyond their number all do.

**Other colours.** Some halls have units of the opposite kind, on which red means mute. The lamps are told apart by place
and rhythm, so any colour may be fitted: what ` + "`panel.red.line`" + ` drives is the lamp that says live. Label the panel.

**Lines that are not to be had** (another program holds one): the podium runs, says who holds the line, and takes it as
soon as it is free. Until then it is not live whatever the stage says, for nobody could see it: a press is refused.

**In the end** the lamps are put out and their lines released. Nobody is there to do that after SIGKILL: then the kernel
gives the lines back, and most chips leave the level as it was until the podium is started again, which puts it out first
([faults of devices](faults-devices.md)).
`)
	same(t, "lamps.md", []byte(b.String()))
}

func seenOf(l appliance.Lamps) string {
	for _, s := range []struct {
		name string
		p    lamp.Pattern
	}{{"red", l.Red}, {"green", l.Green}} {
		if s.p.Words() != "" {
			return s.name + " " + s.p.Words()
		}
	}
	return "all dark"
}

// The pictures have to repeat where the rhythms do.
func TestLoopFitsEveryRhythm(t *testing.T) {
	for _, p := range lamp.Patterns() {
		for at := time.Duration(0); at < loop && p != lamp.Refused; at += 10 * time.Millisecond {
			if p.Lit(at) != p.Lit(at+loop) {
				t.Fatalf("%s is not the same after %s", p, loop)
			}
		}
	}
	if _, more := lamp.Refused.Next(loop); more {
		t.Error("the three flashes are longer than the picture")
	}
}
