package stage

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// leases are the ends of all leases, the earliest first: when a whole hall is lost
// at once, each step must not look at everybody. One that no longer holds, since its
// user came back or left, is dropped when its turn comes.
type leases []leaseEnd

type leaseEnd struct {
	at time.Time
	p  *person
}

func (l *leases) add(p *person, at time.Time) {
	if !at.IsZero() {
		heap.Push(l, leaseEnd{at, p})
	}
}

// next gives the end of the first lease that holds; zero: there is none.
func (l *leases) next(m *Meeting) time.Time {
	for len(*l) > 0 {
		if first := (*l)[0]; first.holds(m) {
			return first.at
		}
		heap.Pop(l)
	}
	return time.Time{}
}

func (e leaseEnd) holds(m *Meeting) bool {
	return m.people[e.p.UserID] == e.p &&
		(e.at.Equal(e.p.pubUntil) || e.at.Equal(e.p.airUntil) || (len(e.p.conns) == 0 && e.at.Equal(e.p.lostUntil)))
}

// over takes out whose lease has ended, by userId.
func (l *leases) over(now time.Time) (people []*person) {
	for len(*l) > 0 && ended((*l)[0].at, now) {
		people = append(people, (*l)[0].p)
		heap.Pop(l)
	}
	slices.SortFunc(people, func(a, b *person) int { return cmp.Compare(a.UserID, b.UserID) })
	return slices.Compact(people)
}

// Len, Less, Swap, Push and Pop are those of container/heap.
func (l leases) Len() int           { return len(l) }
func (l leases) Less(a, b int) bool { return l[a].at.Before(l[b].at) }
func (l leases) Swap(a, b int)      { l[a], l[b] = l[b], l[a] }

// Push is container/heap's.
func (l *leases) Push(end any) {
	if e, ok := end.(leaseEnd); ok {
		*l = append(*l, e)
	}
}

// Pop is container/heap's.
func (l *leases) Pop() any {
	last := len(*l) - 1
	end := (*l)[last]
	(*l)[last] = leaseEnd{}
	*l = (*l)[:last]
	return end
}
