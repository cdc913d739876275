package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

// hung is a call into a camera's driver that does not end. The driver copies the
// call's text from memory while it holds the lock that each of its calls needs;
// that memory is a page that is not there until userfaultfd(2) is told to put it
// there. Until then every call of any program to that camera waits in the kernel.
type hung struct {
	mu     sync.Mutex
	camera int
	faults int    // the userfaultfd
	page   []byte // not there
	done   chan struct{}
}

// From linux/userfaultfd.h and linux/videodev2.h.
const (
	uffdAPI          = 0xc018aa3f
	uffdRegister     = 0xc020aa00
	uffdZeroPage     = 0xc020aa04
	uffdVersion      = 0xaa
	uffdMissing      = 1
	setExtControls   = 0xc0205648
	vividTextControl = 0x0098f905
)

type uffdRegistration struct{ start, length, mode, ioctls uint64 }

// extControls is v4l2_ext_controls.
type extControls struct {
	which, count, errorIndex uint32
	request                  int32
	_                        uint32
	controls                 unsafe.Pointer
}

// extControl is v4l2_ext_control, which is packed: its pointer stands at 12.
type extControl struct {
	id, size, _ uint32
	text        [8]byte
}

// Hang makes every call to a vivid camera wait until Unhang.
func (g *Guest) Hang(device string, _ *guestapi.None) (err error) {
	h := &g.hung
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done != nil {
		return errors.New("a camera hangs already")
	}
	if h.camera, err = unix.Open(device, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
		return err
	}
	if err := h.takePage(); err != nil {
		return errors.Join(err, unix.Close(h.camera))
	}
	h.done = make(chan struct{})
	go h.call(h.done)
	return nil
}

// takePage makes the page that is not there.
func (h *hung) takePage() error {
	fd, _, errno := unix.Syscall(unix.SYS_USERFAULTFD, unix.O_CLOEXEC, 0, 0)
	if errno != 0 {
		return fmt.Errorf("cannot watch a page: %w", errno)
	}
	h.faults = int(fd)
	page, err := unix.Mmap(-1, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return errors.Join(err, unix.Close(h.faults))
	}
	h.page = page
	version := [3]uint64{uffdVersion}
	where := uffdRegistration{start: uint64(uintptr(unsafe.Pointer(&page[0]))), length: uint64(len(page)), mode: uffdMissing}
	if err := h.watch(uffdAPI, unsafe.Pointer(&version)); err != nil {
		return err
	}
	return h.watch(uffdRegister, unsafe.Pointer(&where))
}

func (h *hung) watch(request uintptr, argument unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(h.faults), request, uintptr(argument)); errno != 0 {
		return fmt.Errorf("cannot watch a page: %w", errno)
	}
	return nil
}

// call is the call that does not end. What the driver says to it is of no
// interest: it is never a text that it takes.
func (h *hung) call(done chan struct{}) {
	defer close(done)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	control := extControl{id: vividTextControl, size: 5}
	*(*uintptr)(unsafe.Pointer(&control.text)) = uintptr(unsafe.Pointer(&h.page[0]))
	all := extControls{count: 1, controls: unsafe.Pointer(&control)}
	_, _, _ = unix.Syscall(unix.SYS_IOCTL, uintptr(h.camera), setExtControls, uintptr(unsafe.Pointer(&all)))
	runtime.KeepAlive(&control)
}

// Unhang lets the camera's driver go on.
func (g *Guest) Unhang(_ guestapi.None, _ *guestapi.None) error {
	h := &g.hung
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done == nil {
		return nil
	}
	where := uffdRegistration{start: uint64(uintptr(unsafe.Pointer(&h.page[0]))), length: uint64(len(h.page))}
	if err := h.watch(uffdZeroPage, unsafe.Pointer(&where)); err != nil {
		return err
	}
	<-h.done
	h.done = nil
	return errors.Join(unix.Close(h.camera), unix.Close(h.faults), unix.Munmap(h.page))
}
