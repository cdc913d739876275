package verdict

import (
	"fmt"
	"strings"
	"time"
)

// Rate is what the podium gave its picture at a moment.
type Rate struct {
	At        time.Duration `json:"at"`
	BitRate   int           `json:"bitRate"` // bit/s asked of the encoder
	Width     int           `json:"width"`
	Height    int           `json:"height"`
	FrameRate float64       `json:"frameRate"`
}

// String tells it for a table.
func (r Rate) String() string {
	return fmt.Sprintf("%d kbit/s, %d x %d, %.0f/s", r.BitRate/1000, r.Width, r.Height, r.FrameRate)
}

// Picture tells how the picture made do with less. Times count from the fault's
// beginning.
type Picture struct {
	Before Rate `json:"before"` // the last one before the fault
	Least  Rate `json:"least"`  // during it
	Back   Rate `json:"back"`   // the first one after it that is most of what it was; the zero value: none came
	Ended  bool `json:"ended"`  // it is of no interest any more: the turn is over
}

// most is the part of the bit rate of before that counts as all of it: what is left is
// asked for slowly, so that the connection is not filled again.
const most = 0.8

// PictureOf looks at the bit rates, in order, about a fault that was over at ended.
func PictureOf(rates []Rate, ended time.Duration) Picture {
	var p Picture
	for _, r := range rates {
		switch {
		case r.BitRate == 0:
			p.Ended = p.Ended || r.At > 0
		case r.At <= 0:
			p.Before = r
		case r.At <= ended && (p.Least.BitRate == 0 || r.BitRate < p.Least.BitRate):
			p.Least = r
		case r.At > ended && !p.IsBack() && p.most(r):
			p.Back = r
		}
	}
	return p
}

// IsBack reports whether the picture has most of its bit rate again.
func (p Picture) IsBack() bool { return p.Back.BitRate > 0 }

// most reports whether a bit rate is most of what it was.
func (p Picture) most(r Rate) bool { return float64(r.BitRate) >= most*float64(p.Before.BitRate) }

// Pictures writes a table in Markdown of the runs that had a connection too small for
// the picture, and that ended on stage.
func Pictures(runs []Run) string {
	var b strings.Builder
	b.WriteString("| fault | in it | sound heard | picture before | at least | most of it back |\n|---|---|---|---|---|---|\n")
	for _, r := range runs {
		if r.Queue == 0 || r.Stage != On {
			continue
		}
		row, second := name(r)
		back := text(r.Picture.IsBack(), r.Picture.Back.At-r.Ended)
		fmt.Fprintf(&b, "| %s | %s | %.0f %% | %s | %s | %s |\n", row, second, 100*r.Sound, r.Picture.Before, r.Picture.Least, back)
	}
	return b.String()
}
