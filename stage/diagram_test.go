package stage_test

import (
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
	"testing"

	"podium/stage"
)

const diagramFile = "../docs/img/states.svg"

// edge is one arrow of the diagram.
type edge struct{ from, to stage.Status }

// drawing says where an arrow runs and where its words stand.
type drawing struct {
	path   string
	x, y   int
	anchor string
}

// drawn places every arrow that the tables may have. The tables say which there
// are and what stands at them; one without a place fails the test.
var drawn = map[edge]drawing{
	{off, requested}:      {"M 225 300 C 260 190 330 130 425 116", 300, 118, "end"},
	{requested, off}:      {"M 425 138 C 360 160 310 220 268 300", 368, 200, "start"},
	{requested, accepted}: {"M 655 116 C 750 130 820 190 855 300", 790, 118, "start"},
	{off, accepted}:       {"M 315 318 L 765 318", 540, 300, "middle"},
	{accepted, off}:       {"M 765 344 L 315 344", 540, 370, "middle"},
	{accepted, onStage}:   {"M 855 362 C 820 470 750 530 655 544", 790, 534, "start"},
	{onStage, off}:        {"M 425 544 C 330 530 260 470 225 362", 290, 534, "end"},
}

var boxes = map[stage.Status]struct{ x, y int }{off: {85, 300}, requested: {425, 96}, accepted: {765, 300}, onStage: {425, 502}}

// The diagram is drawn from the code's own tables.
func TestDiagramShowsTheTables(t *testing.T) {
	want := diagram(t)
	if *update {
		if err := os.WriteFile(diagramFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(diagramFile)
	if err != nil || string(got) != want {
		t.Fatalf("%s does not show the tables of the code (%v); run: go test ./stage -run %s -update", diagramFile, err, t.Name())
	}
}

func diagram(t *testing.T) string {
	labels := transitions()
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 70 1080 565" role="img" aria-label="The four statuses and what leads from one to another">
<style>
svg { font: 15px "DejaVu Sans", Verdana, sans-serif; background: #fff; }
rect { fill: #f4f7fa; stroke: #14375f; stroke-width: 2; }
.live { fill: #fdecec; stroke: #b5121b; }
.wait { fill: #e9f6ee; stroke: #0a6b3b; }
path { fill: none; stroke: #465461; stroke-width: 2; marker-end: url(#tip); }
text { fill: #10181f; }
.name { font-weight: bold; text-anchor: middle; }
.host { fill: #0b57d0; }
</style>
<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" style="fill:#465461;stroke:none;marker-end:none"/></marker></defs>
`)
	for _, status := range stage.Statuses {
		box, class := boxes[status], ""
		switch status {
		case onStage:
			class = ` class="live"`
		case requested, accepted:
			class = ` class="wait"`
		}
		name, _, _ := strings.Cut(string(status), "_TO_JOIN")
		fmt.Fprintf(&b, "<rect%s x=\"%d\" y=\"%d\" width=\"230\" height=\"62\" rx=\"10\"/>\n<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>\n",
			class, box.x, box.y, box.x+115, box.y+37, name)
	}
	for _, e := range edges(labels) {
		d, ok := drawn[e]
		if !ok {
			t.Fatalf("the tables lead from %s to %s, and the diagram has no place for it", e.from, e.to)
		}
		fmt.Fprintf(&b, "<path d=\"%s\"/>\n", d.path)
		for i, label := range labels[e] {
			y := d.y + 20*i
			if d.y < 310 && e.from == off { // grows upwards
				y = d.y - 20*(len(labels[e])-1-i)
			}
			fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\"%s>%s</text>\n", d.x, y, d.anchor, label.class, html.EscapeString(label.text))
		}
	}
	b.WriteString(`<text x="20" y="600">Black: the participant's own methods. <tspan class="host">Blue: a host's.</tspan> From every status also to OFF_STAGE: the lease ends, or meeting.leave.</text>
<text x="20" y="624">By time: ACCEPTED expires; a speaking time may end ON_STAGE. Capitals in brackets: whose stageAccess it is.</text>
</svg>
`)
	return b.String()
}

type label struct{ text, class string }

// transitions gathers what the tables say by where it leads.
func transitions() map[edge][]label {
	all := map[edge][]label{}
	add := func(look lookUp, class string, methods ...stage.Method) {
		for _, method := range methods {
			for _, status := range stage.Statuses {
				for _, l := range targets(look, method, status) {
					e := edge{status, l.to}
					text := l.text
					if i := slices.IndexFunc(all[e], func(o label) bool { return o.text == text }); i < 0 {
						all[e] = append(all[e], label{text, class})
					}
				}
			}
		}
	}
	add(stage.OwnCell, "", stage.RequestAccess, stage.CancelRequestAccess, stage.Join, stage.Leave, stage.Publish)
	add(stage.HostCell, ` class="host"`, stage.GrantAccess, stage.DenyAccess, stage.Kick)
	return all
}

type target struct {
	to   stage.Status
	text string
}

// targets says where a method leads from a status, and for whom, where that
// depends on the access.
func targets(look lookUp, method stage.Method, status stage.Status) []target {
	whose := map[stage.Status][]string{}
	reason := map[stage.Status]stage.Reason{}
	for _, access := range []stage.Access{stage.Allowed, stage.CanRequest, stage.NotAllowed} {
		if cell, ok := look(method, status, access); ok && cell.To != "" {
			whose[cell.To] = append(whose[cell.To], string(access))
			reason[cell.To] = cell.Reason
		}
	}
	var list []target
	for _, to := range stage.Statuses {
		if len(whose[to]) == 0 {
			continue
		}
		name := strings.TrimPrefix(string(method), "stage.")
		text := fmt.Sprintf("%s (%s)", name, reason[to])
		if len(whose[to]) == 1 {
			text = fmt.Sprintf("%s [%s]", name, whose[to][0])
		}
		list = append(list, target{to, text})
	}
	return list
}

func edges(labels map[edge][]label) []edge {
	var list []edge
	for _, from := range stage.Statuses {
		for _, to := range stage.Statuses {
			if len(labels[edge{from, to}]) > 0 {
				list = append(list, edge{from, to})
			}
		}
	}
	return list
}
