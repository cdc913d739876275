// Package verdict makes of what was seen of a fault what it means: when packets
// stopped and came back, whether lamp and gate told the truth, whether the row of
// the table meets its expectation; and writes the table.
//
// It may import the standard library only. It must not ask a clock or touch
// anything: it gets facts, and gives sentences.
package verdict
