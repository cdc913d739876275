package technician

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"podium/config"
)

// pins is the 40-pin header of every Raspberry Pi since the B+, pin 1 first, as the
// kernel's line names and power pins have it.
var pins = [40]string{
	"3.3 V", "5 V", "GPIO2", "5 V", "GPIO3", "ground", "GPIO4", "GPIO14", "ground", "GPIO15",
	"GPIO17", "GPIO18", "GPIO27", "ground", "GPIO22", "GPIO23", "3.3 V", "GPIO24", "GPIO10", "ground",
	"GPIO9", "GPIO25", "GPIO11", "GPIO8", "ground", "GPIO7", "ID_SDA", "ID_SCL", "GPIO5", "ground",
	"GPIO6", "GPIO12", "GPIO13", "ground", "GPIO19", "GPIO16", "GPIO26", "GPIO20", "ground", "GPIO21",
}

// suggested are the lines of the panel as the defaults have them, and the yellow one
// as it is suggested.
func suggested() map[string]string {
	p := config.DefaultPodium().Panel
	return map[string]string{p.Request.Line: "request button", p.Cancel.Line: "cancel button", p.Red.Line: "red lamp", p.Green.Line: "green lamp", "GPIO24": "yellow lamp"}
}

// grounds are the ground pins that the wiring table uses, with what for.
var grounds = map[int]string{9: "request", 14: "cancel", 20: "red, yellow", 25: "green"}

func colourOf(name, use string) string {
	switch {
	case strings.HasSuffix(use, "button"):
		return "#4c8dff"
	case strings.HasPrefix(use, "red"):
		return "#ff3b30"
	case strings.HasPrefix(use, "green"):
		return "#34c759"
	case strings.HasPrefix(use, "yellow"):
		return "#ffcc00"
	case name == "ground":
		return "#2b2e34"
	case strings.HasSuffix(name, " V"):
		return "#c9863a"
	}
	return "#b9bec7"
}

// headerPicture draws the header as one looks at a Pi with the pins at the top right.
func headerPicture() []byte {
	const row, top, left = 26, 40, 300
	uses := suggested()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="660" height="%d" viewBox="0 0 660 %d" font-family="sans-serif" font-size="13" role="img"><title>The 40-pin header with buttons and lamps</title>`, top+20*row+20, top+20*row+20)
	fmt.Fprintf(&b, `<rect width="660" height="%d" fill="#ffffff"/><text x="330" y="22" text-anchor="middle" font-weight="bold">seen from above; pin 1 is nearest to the corner of the board</text>`, top+20*row+20)
	fmt.Fprintf(&b, `<rect x="%d" y="%d" width="60" height="%d" rx="4" fill="#14161a"/>`, left, top-6, 20*row+6)
	for i, name := range pins {
		number, right := i+1, i%2 == 1
		x, y := left+16, top+i/2*row+10
		label, anchor, side := left-12, "end", -1
		if right {
			x, label, anchor, side = left+44, left+72, "start", 1
		}
		use := uses[name]
		colour := colourOf(name, use)
		stroke := "#8a8f98"
		if number == 1 {
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="18" height="18" fill="%s" stroke="%s" stroke-width="2"/>`, x-9, y-9, colour, stroke)
		} else {
			fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="9" fill="%s" stroke="%s" stroke-width="2"/>`, x, y, colour, stroke)
		}
		text := fmt.Sprintf("%s, pin %d", name, number)
		if g := grounds[number]; g != "" {
			use = "for " + g
		}
		weight, fill := "normal", "#6b7078"
		if use != "" {
			weight, fill = "bold", "#14161a"
			text += ": " + use
			if side < 0 {
				text = fmt.Sprintf("%s: %s, pin %d", use, name, number)
			}
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="%s" font-weight="%s" fill="%s">%s</text>`, label, y+4, anchor, weight, fill, text)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func TestHeaderPictureIsOfTheDefaults(t *testing.T) { same(t, "img/header.svg", headerPicture()) }

// TestWiringTable: line and pin of each part are those of the header and the defaults.
func TestWiringTable(t *testing.T) {
	text, err := os.ReadFile(docs + "/wiring.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| ([a-z]+ (?:button|lamp))[^|]*\\| `(GPIO\\d+)` \\| (\\d+) \\|.*pin (\\d+) \\|$").FindAllStringSubmatch(string(text), -1)
	found := map[string]string{}
	for _, r := range rows {
		var pin, ground int
		fmt.Sscan(r[3], &pin)
		fmt.Sscan(r[4], &ground)
		found[r[2]] = r[1]
		if pins[pin-1] != r[2] || pins[ground-1] != "ground" || grounds[ground] == "" {
			t.Errorf("%s: pin %d is %s, pin %d is %s", r[1], pin, pins[pin-1], ground, pins[ground-1])
		}
	}
	if want := suggested(); fmt.Sprint(found) != fmt.Sprint(want) {
		t.Errorf("the table has %v, want %v", found, want)
	}
}
