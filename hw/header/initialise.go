package header

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/host/v3/gpioioctl"
)

// machineChips initialises periph, once for the process, and returns its chips.
var machineChips = sync.OnceValues(func() ([]*gpioioctl.GPIOChip, error) {
	err := keepZero(func() error {
		_, err := driverreg.Init()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("periph does not start: %w", err)
	}
	// A driver that failed or was skipped (no chip, no permission) leaves no
	// chips; what is missing is said by whoever looks for one.
	return gpioioctl.Chips, nil
})

// keepZero calls do and sees to it that file descriptor 0 is afterwards what it
// was before, or /dev/null where it was closed. periph may close it; and it takes
// 0 for "no descriptor", so a line must never get that number.
func keepZero(do func() error) error {
	saved, err := saveZero()
	if err != nil {
		return err
	}
	defer unix.Close(saved)
	done := do()
	if _, err := unix.FcntlInt(0, unix.F_GETFD, 0); errors.Is(err, unix.EBADF) {
		if err := unix.Dup3(saved, 0, 0); err != nil {
			return errors.Join(done, fmt.Errorf("cannot restore standard input: %w", err))
		}
	}
	return done
}

// saveZero duplicates descriptor 0, and opens /dev/null there first where it is
// closed.
func saveZero() (int, error) {
	saved, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if !errors.Is(err, unix.EBADF) {
		return saved, err
	}
	null, err := unix.Open(os.DevNull, unix.O_RDONLY, 0)
	if err != nil {
		return -1, fmt.Errorf("cannot open %s as standard input: %w", os.DevNull, err)
	}
	if null != 0 { // another goroutine took 0 in between: then it is in use, and kept
		unix.Close(null)
	}
	return unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
}
