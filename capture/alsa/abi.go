//go:build linux && (amd64 || arm64)

package alsa

// The structures and numbers of sound/asound.h for 64-bit machines. A test
// holds the sizes to those that the request numbers carry.

const (
	reqInfo         = 0x81204101
	reqRefine       = 0xc2604110
	reqHardware     = 0xc2604111
	reqSoftware     = 0xc0884113
	reqDelay        = 0x80084121
	reqPrepare      = 0x4140
	reqStart        = 0x4142
	reqDrop         = 0x4143
	reqRead         = 0x80184151
	reqPreferSubdev = 0x40045532 // on the card's control device
)

const (
	accessInterleaved = 3 // read and write calls, not mmap

	paramAccess     = 0
	paramFormat     = 1
	paramSubformat  = 2
	paramChannels   = 10 // intervals from here on
	paramRate       = 11
	paramPeriodTime = 12 // µs
	paramPeriodSize = 13 // frames
	paramBufferTime = 16 // µs
	paramBufferSize = 17 // frames
	firstInterval   = 8
	intervals       = 12
)

// Sample formats, little-endian as both of our architectures are.
const (
	formatS16   = 2
	formatS24   = 6 // in the lower three of four bytes
	formatS32   = 10
	formatS24x3 = 32 // in three bytes
)

type mask struct{ bits [8]uint32 }

// Flags of an interval.
const integer = 1 << 2

type interval struct{ min, max, flags uint32 }

type hardwareParams struct {
	flags            uint32
	masks            [3]mask
	_                [5]mask
	intervals        [intervals]interval
	_                [9]interval
	requested        uint32 // rmask: what the caller wants looked at
	changed          uint32
	info, bits       uint32
	rateNum, rateDen uint32
	fifoSize         uint64
	_                [64]byte
}

type softwareParams struct {
	timestampMode, periodStep, sleepMin int32
	_                                   uint32
	availableMin, transferAlign         uint64
	startThreshold, stopThreshold       uint64
	silenceThreshold, silenceSize       uint64
	boundary                            uint64
	protocol, timestampType             uint32
	_                                   [56]byte
}

type transfer struct {
	result int64
	buffer *byte
	frames uint64
}

type pcmInfo struct {
	device, subdevice     uint32
	stream, card          int32
	id                    [64]byte
	name                  [80]byte
	subname               [32]byte
	class, subclass       int32
	subdevices, available uint32
	_                     [16 + 64]byte
}
