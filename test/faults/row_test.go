//go:build faults

package faults

import (
	"hash/fnv"
	"iter"
	"time"

	"podium/test/faults/verdict"
)

// row is a fault, what is expected of it, and what of it with a second one before
// the first is over.
type row struct {
	fault
	once, again *verdict.Want // nil: another row has it
	second      fault         // none: the same again
	after       time.Duration // when the second begins; 0: half-way through the first
	short       bool          // is one of the selection of SHORT=1
	camera      string        // of the podium's configuration; "": the smallest
	queue       time.Duration // that the fault puts before the link
}

// run is one of a row's two.
type run struct {
	row
	order int // in the table
	again bool
}

// runs gives the runs of the rows, in the order of the table.
func runs() (all []run) {
	for _, r := range rows() {
		if r.once != nil {
			all = append(all, run{row: r, order: len(all)})
		}
		if r.again != nil {
			all = append(all, run{row: r, order: len(all), again: true})
		}
	}
	return all
}

// name tells the runs apart.
func (x run) name() string {
	switch {
	case !x.again:
		return x.fault.name
	case x.second.begin == nil:
		return x.fault.name + ", again in it"
	default:
		return x.fault.name + ", in it " + x.second.name
	}
}

func (x run) want() verdict.Want {
	if x.again {
		return *x.row.again
	}
	return *x.once
}

// faults gives the faults by when they begin.
func (x run) faults() iter.Seq2[time.Duration, fault] {
	return func(yield func(time.Duration, fault) bool) {
		if !yield(0, x.fault) || !x.again {
			return
		}
		second, after := x.second, x.after
		if second.begin == nil {
			second = x.fault
		}
		if after == 0 {
			after = x.lasts / 2
		}
		yield(after, second)
	}
}

// seed gives each run a luck of its own, and always the same.
func (x run) seed() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(x.name()))
	return h.Sum64()
}
