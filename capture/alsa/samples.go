//go:build linux && (amd64 || arm64)

package alsa

import "encoding/binary"

// toInt16 turns raw samples into 16-bit ones: the upper 16 bits of what there
// is. Both slices hold the same number of samples.
func toInt16(dst []int16, src []byte, format int) {
	switch format {
	case formatS16:
		for i := range dst {
			dst[i] = int16(binary.LittleEndian.Uint16(src[2*i:]))
		}
	case formatS24:
		for i := range dst {
			dst[i] = int16(binary.LittleEndian.Uint16(src[4*i+1:]))
		}
	case formatS32:
		for i := range dst {
			dst[i] = int16(binary.LittleEndian.Uint16(src[4*i+2:]))
		}
	case formatS24x3:
		for i := range dst {
			dst[i] = int16(binary.LittleEndian.Uint16(src[3*i+1:]))
		}
	}
}
