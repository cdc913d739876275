package buttons

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var zero = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// play runs a script of steps "MS:edge+" (an edge to down), "edge-", "level+",
// "level-" and gives what came out as "MS:kind".
func play(t *testing.T, downAtStart bool, script string) string {
	t.Helper()
	c := newContact(Timing{}, downAtStart, zero)
	var out []string
	for step := range strings.FieldsSeq(script) {
		var ms int
		var what string
		if _, err := fmt.Sscanf(strings.Replace(step, ":", " ", 1), "%d %s", &ms, &what); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		take := c.level
		if strings.HasPrefix(what, "edge") {
			take = c.edge
		}
		for _, kind := range take(strings.HasSuffix(what, "+"), zero.Add(time.Duration(ms)*time.Millisecond)) {
			out = append(out, fmt.Sprintf("%d:%s", ms, kind))
		}
	}
	return strings.Join(out, " ")
}

func TestContact(t *testing.T) {
	for _, c := range []struct {
		name        string
		downAtStart bool
		script      string
		want        string
	}{
		{"a clean press", false, "0:edge+ 30:level+ 200:edge- 230:level-", "0:pressed 230:released"},
		{"it counts on the leading edge", false, "7:edge+", "7:pressed"},
		{"bounces after it", false, "0:edge+ 1:edge- 2:edge+ 3:edge- 4:edge+ 30:level+", "0:pressed"},
		{"bounces at the release", false, "0:edge+ 30:level+ 200:edge- 201:edge+ 202:edge- 229:level- 232:level-", "0:pressed 232:released"},
		{"over before it is looked at", false, "0:edge+ 0:edge- 0:level- 30:level- 60:level-", "0:pressed 60:released"},
		{"the release's edge lost", false, "0:edge+ 30:level+ 250:level- 280:level-", "0:pressed 280:released"},
		{"the press's edge lost", false, "250:level+ 280:level+", "250:pressed"},
		{"the press's edge comes after its level", false, "0:level+ 0:edge+ 30:level+", "0:pressed"},
		{"chatter while held is no second press", false, "0:edge+ 30:level+ 500:edge- 505:edge+ 535:level+ 700:edge- 730:level-", "0:pressed 730:released"},
		{"chatter for ever", false, "0:edge+ 30:level+ 100:edge- 120:edge+ 140:edge- 160:edge+ 180:edge- 190:level- 200:edge+ 230:level+", "0:pressed"},
		{"two presses", false, "0:edge+ 30:level+ 90:edge- 120:level- 150:edge+", "0:pressed 120:released 150:pressed"},
		{"long", false, "0:edge+ 30:level+ 1499:level+ 1500:level+ 1750:level+ 2000:edge- 2030:level-", "0:pressed 1500:long 2030:released"},
		{"let go just before long", false, "0:edge+ 30:level+ 1490:edge- 1500:level- 1520:level-", "0:pressed 1520:released"},
		{"chatter just before long delays it", false, "0:edge+ 30:level+ 1490:edge- 1491:edge+ 1500:level+ 1521:level+", "0:pressed 1521:long"},
		{"stuck", false, "0:edge+ 30:level+ 1500:level+ 30000:level+ 60000:level+ 61000:edge- 61030:level-", "0:pressed 1500:long 30000:stuck 61030:released"},
		{"looked at very late", false, "0:edge+ 40000:level+", "0:pressed 40000:long 40000:stuck"},
		{"down at the start", true, "0:level+ 30:level+ 1500:level+ 5000:edge- 5030:level- 6000:edge+", "6000:pressed"},
		{"down at the start, bounces at the release", true, "5000:edge- 5001:edge+ 5002:edge- 5032:level-", ""},
		{"down at the start, and stays", true, "1500:level+ 30000:level+ 40000:level+ 50000:edge- 50030:level- 51000:edge+", "30000:stuck 50030:released 51000:pressed"},
		{"down at the start, edges to down", true, "10:edge+ 20:edge+ 30:level+", ""},
		{"edges to up at rest", false, "10:edge- 20:edge- 30:level-", ""},
	} {
		if got := play(t, c.downAtStart, c.script); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
