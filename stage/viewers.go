package stage

import "time"

// viewerInterval is the least time between two EventViewerCount.
const viewerInterval = time.Second

// viewerCount counts the unlisted and says when the count is to be told.
type viewerCount struct {
	count int
	told  int
	next  time.Time // not before this moment
}

func (v *viewerCount) add(n int) { v.count += n }

// due gives the count when it has changed and may be told now.
func (v *viewerCount) due(now time.Time) (int, bool) {
	if v.count == v.told || now.Before(v.next) {
		return 0, false
	}
	v.told, v.next = v.count, now.Add(viewerInterval)
	return v.count, true
}
