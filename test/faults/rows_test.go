//go:build faults

package faults

import (
	"slices"
	"time"

	"podium/test/faults/link"
	"podium/test/faults/verdict"
)

const (
	s  = time.Second
	ms = time.Millisecond

	// wire is how late the link may see a packet, and a machine with much to do let
	// a timer run.
	wire = 250 * ms
)

// offByLease are the reasons of a turn that a lease has ended: the stage's word for
// it, the podium's own when it was faster, and what it is told when it comes back.
var offByLease = []string{"lease_expired", "left", "joined"}

// rows is the table.
func rows() []row {
	return slices.Concat(badLinks(), loaded(), cuts(), killed(), decided())
}

// badLinks are faults that a turn has to live with.
func badLinks() []row {
	const lasts = 4 * s
	kept := &verdict.Want{End: verdict.On, Steady: true, BackBy: 500 * ms}
	bad := func(name string, b link.Behaviour) fault {
		return linkFault(name+" for "+length(lasts), lasts, b, link.Both...)
	}
	return []row{
		{fault: bad("5 % loss", link.Behaviour{Loss: 0.05}), once: kept, again: kept, short: true},
		{fault: bad("30 % loss", link.Behaviour{Loss: 0.3}), once: kept, again: &verdict.Want{}, after: s},
		{fault: bad("300 ms delay", link.Behaviour{Delay: 300 * ms}), once: kept, again: kept},
		{fault: bad("100 ms delay, 80 ms jitter", link.Behaviour{Delay: 100 * ms, Jitter: 80 * ms}), once: kept, again: kept},
		{fault: bad("every fifth packet twice, every fifth late", link.Behaviour{Repeat: 0.2, Reorder: 0.2}), once: kept, again: kept},
	}
}

// loaded are wireless links that others load, too: the picture gives way to whoever
// does not, and the sound goes on.
func loaded() []row {
	const lasts = 8 * s
	of := func(a air, w verdict.Want) row {
		w.End, w.Steady = verdict.On, true
		kicked := &verdict.Want{End: verdict.Off, StopBy: lasts/2 + wire, UnheardBy: lasts/2 + wire}
		return row{
			fault: airFault(a, lasts), camera: largerPicture, queue: airQueue,
			once: &w, second: kick, after: lasts / 2, again: kicked,
		}
	}
	stubborn := of(air{"500 kbit/s of it another's", constant(500_000)}, verdict.Want{Sound: 0.85, Gives: true, PictureBy: 20 * s})
	stubborn.short = true
	return []row{stubborn, of(air{"shared with an upload", upload}, verdict.Want{Sound: 0.9, PictureBy: 20 * s})}
}

// cuts end a turn when they are longer than the lease, and only then.
func cuts() (all []row) {
	for _, w := range ways {
		stopBy := lease + wire
		if w.name == ways[1].name { // the stage is heard until it waits for the answer to what it has sent
			stopBy += s
		}
		kept := &verdict.Want{End: verdict.On, Steady: true, BackBy: s}
		lost := &verdict.Want{End: verdict.Off, StopBy: stopBy, Reasons: offByLease}
		all = append(all,
			row{fault: cut(s, w), once: kept, again: kept},
			row{fault: cut(4*s, w), once: kept, again: lost, short: w.name == ways[0].name},
			row{fault: cut(6*s, w), once: lost, again: lost},
			row{fault: cut(60*s, w), once: lost, again: lost, after: 5 * s},
		)
	}
	return all
}

// killed are faults of the processes themselves.
func killed() []row {
	at := wire // a dead process sends nothing
	gone := &verdict.Want{End: verdict.Off, StopBy: at}
	back := &verdict.Want{End: verdict.On, BackBy: 2 * s}
	return []row{
		{fault: killStage, once: back, again: back, after: 800 * ms, short: true},
		{fault: killPodium, once: gone, again: gone, after: 800 * ms, short: true},
		{fault: stopPodium(s), once: &verdict.Want{End: verdict.On, BackBy: s}, again: &verdict.Want{End: verdict.On, BackBy: s}},
		{fault: stopPodium(10 * s), once: gone, again: gone},
		{fault: hangPodium, once: gone, again: gone, after: 100 * ms, short: true},
		{fault: stopStage(2 * s), once: &verdict.Want{End: verdict.On, Steady: true, BackBy: s}, again: &verdict.Want{End: verdict.On, Steady: true, BackBy: s}},
		{fault: stopStage(10 * s), once: &verdict.Want{End: verdict.Off, StopBy: lease + wire}, again: &verdict.Want{End: verdict.Off, StopBy: lease + wire}},
		{fault: fillDisk(4 * s), once: &verdict.Want{End: verdict.On, Steady: true, BackBy: 500 * ms}, again: back, second: killStage, after: 2 * s, short: true},
	}
}

// decided are decisions that fall into a cut: whoever hears them closes at once, the
// other side when it hears or when its lease is over.
func decided() (all []row) {
	const at = 2 * s
	for _, w := range ways {
		first := cut(4*s, w)
		kicked := &verdict.Want{End: verdict.Off, UnheardBy: at + wire, StopBy: 4*s + wire + s}
		if w.name == ways[1].name {
			kicked.StopBy = at + wire // it hears it
		}
		own := &verdict.Want{End: verdict.Off, UnheardBy: at + wire, StopBy: at + wire}
		all = append(all,
			row{fault: first, second: kick, after: at, again: kicked, short: w.name == ways[2].name},
			row{fault: first, second: cancel, after: at, again: own, short: w.name == ways[1].name},
			row{fault: first, second: terminate, after: at, again: own},
		)
	}
	return all
}
