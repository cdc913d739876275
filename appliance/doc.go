// Package appliance is the podium itself: a pure core, Step, that turns a state
// and an event into the next state and its effects, and the small loop, Podium,
// that feeds it and carries the effects out.
//
// One goroutine owns the state, time is an event like any other, the lamps are
// derived from the state by one function, and one function says whether media
// may leave. So every behaviour can be tested without a clock, a network or a
// device, and the last steps can be shown.
//
// It may import podium/stage for the vocabulary, podium/hw/lamp for the names of
// the rhythms, and the standard library. It must not reach periph, Pion,
// mediadevices or net: the outside is met through interfaces defined here.
package appliance
