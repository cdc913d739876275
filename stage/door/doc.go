// Package door is what stands at every way into the stage server, before anybody
// asks about meetings or media: how many connections an address may hold, how
// often a caller may come, which headers every answer carries, and by which name
// what needs no token may be asked for.
//
// The limits are made so that a whole hall behind one NAT passes: an address is
// not a person. What concerns a person is counted by the person's token.
//
// It may import the standard library and golang.org/x/time/rate. It must not
// know tokens, meetings or media, and must not log: its callers do.
package door
