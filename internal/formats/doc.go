// Package formats names the two formats of the house, Opus and H.264, for the two ends of
// the media. What a podium offers a room takes, and what a room has it gives to viewers
// as it is, so that both must mean the same.
//
// It may import: Pion's webrtc and sdp. It must not know which end it is for.
package formats
