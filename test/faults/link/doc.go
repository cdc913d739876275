// Package link is a wire between two ends that can be made bad: it loses, delays,
// repeats, reorders and cuts, each direction by itself, and changes at run time. A
// seed decides what becomes of the n-th packet of a direction. It notes when which
// kind of packet came in, whatever becomes of it afterwards.
//
// It may import the standard library only. It must not know what is at its ends:
// they are two devices that give and take one IP packet at a time.
package link
