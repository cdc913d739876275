package ring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// SPI_IOC_WR_MODE and SPI_IOC_WR_MAX_SPEED_HZ of include/uapi/linux/spi/spidev.h. The
// bits of an ioctl's number are the same on every architecture that Go and Raspberry Pi
// share.
const (
	setMode  = 1<<30 | 1<<16 | 'k'<<8 | 1
	setSpeed = 1<<30 | 4<<16 | 'k'<<8 | 4

	speed = 1_000_000 // Hz: a cable of a metre still carries it
)

// openSPI opens a SPI device for writing, in mode 0.
func openSPI(device string) (*os.File, error) {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("cannot open the ring of lamps: %w; switch SPI on (raspi-config, or dtparam=spi=on in config.txt)", err)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("cannot open the ring of lamps: %w; the user must be in the group spi", err)
	case err != nil:
		return nil, fmt.Errorf("cannot open the ring of lamps: %w", err)
	}
	mode, hertz := uint8(0), uint32(speed)
	for _, call := range []struct {
		request uintptr
		value   unsafe.Pointer
	}{{setMode, unsafe.Pointer(&mode)}, {setSpeed, unsafe.Pointer(&hertz)}} {
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), call.request, uintptr(call.value)); errno != 0 {
			_ = f.Close() // it cannot be used
			return nil, fmt.Errorf("cannot open the ring of lamps: %s is no SPI device: %w", device, errno)
		}
	}
	return f, nil
}
