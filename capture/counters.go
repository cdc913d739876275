package capture

import "log/slog"

// Counters are sums since the device was opened.
type Counters struct {
	AccessUnits uint64 // handed to or waiting for ReadSample
	Bytes       uint64 // in those
	Skipped     uint64 // frames that rate control left out
	Bad         uint64 // frames that the camera marked as, or that turned out to be, damaged
	Late        uint64 // good frames that gave way to a newer one
}

// Counters may be called at any time, also after Close.
func (v *Video) Counters() Counters {
	c := Counters{AccessUnits: v.count.units.Load(), Bytes: v.count.bytes.Load(), Skipped: v.count.skipped.Load()}
	if source, ok := v.source.(interface{ Dropped() (bad, late uint64) }); ok {
		c.Bad, c.Late = source.Dropped()
	}
	return c
}

func logClose(log *slog.Logger, what, device string, err error) {
	if err != nil {
		log.Error(what+" not closed", "device", device, "error", err)
		return
	}
	log.Info(what+" closed", "device", device)
}
