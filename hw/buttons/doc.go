// Package buttons turns the podium's GPIO buttons into presses: debounced, with
// long presses and buttons that are stuck.
//
// A press counts on its leading edge, at once; the bounces after it are swallowed.
// A press that is over before it is looked at still counts, once. A button that is
// down at the start counts as nothing until it was let go: a podium never asks for
// the stage by itself when it is switched on.
//
// The rules are a pure state machine (contact); around it is a thin reader of the
// lines. Time is stamped when an edge is read: periph does not hand on the
// kernel's own times.
//
// It may import: podium/hw/header, the standard library.
// It must not know what a stage is, nor import any package of Podium outside hw.
package buttons
