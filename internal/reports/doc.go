// Package reports writes sender reports (RFC 3550, section 6.4.1) that tell when what
// is sent was captured, for the two ends of the media: by them a viewer puts sound and
// picture together. Pion's own tell when it was sent, and sound leaves later than a
// picture.
//
// It may import: Pion's interceptor, rtcp and rtp, and the standard library.
// It must not know where a stream comes from, or whether a report may leave: what it
// writes goes the way that it is given, gates included.
package reports
