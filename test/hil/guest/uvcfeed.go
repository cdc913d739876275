package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The far end of a USB camera: the program that a gadget's function (f_uvc) asks what
// to answer its host, and that gives it the pictures. include/uapi/linux/usb/g_uvc.h
// and videodev2.h of Linux 6.1, USB Device Class Definition for Video Devices 1.1,
// section 4.3.1.1.
const (
	ioQueryCap  = 2<<30 | 104<<16 | 'V'<<8
	ioSetFormat = 3<<30 | 208<<16 | 'V'<<8 | 5
	ioRequest   = 3<<30 | 20<<16 | 'V'<<8 | 8
	ioQueryBuf  = 3<<30 | 88<<16 | 'V'<<8 | 9
	ioQueue     = 3<<30 | 88<<16 | 'V'<<8 | 15
	ioDequeue   = 3<<30 | 88<<16 | 'V'<<8 | 17
	ioStreamOn  = 1<<30 | 4<<16 | 'V'<<8 | 18
	ioStreamOff = 1<<30 | 4<<16 | 'V'<<8 | 19
	ioEvent     = 2<<30 | 136<<16 | 'V'<<8 | 89
	ioSubscribe = 1<<30 | 32<<16 | 'V'<<8 | 90
	ioResponse  = 1<<30 | 64<<16 | 'U'<<8 | 1

	outputBuffer = 2 // V4L2_BUF_TYPE_VIDEO_OUTPUT
	mmapMemory   = 1

	eventFirst      = 0x08000000
	eventDisconnect = eventFirst + 1
	eventStreamOn   = eventFirst + 2
	eventStreamOff  = eventFirst + 3
	eventSetup      = eventFirst + 4
	eventData       = eventFirst + 5

	uvcSetCur, uvcGetCur, uvcGetMin, uvcGetMax = 0x01, 0x81, 0x82, 0x83
	uvcGetLen, uvcGetInfo, uvcGetDef           = 0x85, 0x86, 0x87
	controlLength                              = 34 // of a video probe and commit control

	feedWidth, feedHeight, feedMost = 320, 180, 320 * 180 * 2
)

// feeder is one connection of the camera.
type feeder struct {
	fd       int
	pictures [][]byte
	memory   [][]byte
	free     []uint32
	probe    []byte // what the host and this end have agreed on
	selector byte   // which of the two controls is set next: 1 probe, 2 commit
	interval time.Duration
	on       bool
	next     time.Time
	n        int
}

// feedCamera serves the camera until its host is gone.
func feedCamera(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.jpg"))
	if err != nil || len(names) == 0 {
		return errors.Join(fmt.Errorf("no pictures in %s", folder), err)
	}
	slices.Sort(names)
	f := &feeder{probe: make([]byte, controlLength)}
	for _, name := range names {
		picture, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f.pictures = append(f.pictures, picture)
	}
	if f.fd, err = openFunction(); err != nil {
		return err
	}
	defer unix.Close(f.fd)
	f.agree(333333)
	for event := uint32(eventFirst); event <= eventData; event++ {
		var subscription [32]byte
		binary.NativeEndian.PutUint32(subscription[:], event)
		if err := f.ioctl(ioSubscribe, subscription[:]); err != nil {
			return fmt.Errorf("cannot subscribe to event %#x: %w", event, err)
		}
	}
	for {
		over, err := f.step()
		if over || err != nil {
			f.stop()
			return err
		}
	}
}

// openFunction waits for the gadget's own video node.
func openFunction() (int, error) {
	for range 200 {
		nodes, _ := filepath.Glob("/dev/video*")
		for _, node := range nodes {
			fd, err := unix.Open(node, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
			if err != nil {
				continue
			}
			var capability [104]byte
			if ioctl(fd, ioQueryCap, capability[:]) == nil && string(capability[:5]) == "g_uvc" {
				fmt.Println("feeding", node)
				return fd, nil
			}
			unix.Close(fd)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return -1, errors.New("the gadget has no video node")
}

// step takes one event, or gives one picture.
func (f *feeder) step() (over bool, err error) {
	wait := 500
	if f.on {
		wait = int(max(0, time.Until(f.next).Milliseconds()))
	}
	fds := []unix.PollFd{{Fd: int32(f.fd), Events: unix.POLLPRI}}
	if _, err := unix.Poll(fds, wait); err != nil && err != unix.EINTR {
		return false, err
	}
	if fds[0].Revents&unix.POLLPRI != 0 {
		return f.event()
	}
	if f.on && !time.Now().Before(f.next) {
		f.give()
	}
	return false, nil
}

func (f *feeder) event() (over bool, err error) {
	var event [136]byte
	if err := f.ioctl(ioEvent, event[:]); err != nil {
		return false, fmt.Errorf("no event: %w", err)
	}
	body := event[8:72]
	switch binary.NativeEndian.Uint32(event[:]) {
	case eventDisconnect:
		return true, nil
	case eventSetup:
		return false, f.setup(body)
	case eventData: // what the host wants, for the control that it named
		if f.selector != 0 && body[4+3] != 0 {
			f.agree(binary.LittleEndian.Uint32(body[4+4:]))
		}
	case eventStreamOn:
		return false, f.start()
	case eventStreamOff:
		f.stop()
	}
	return false, nil
}

// setup answers a control request of the host (struct usb_ctrlrequest).
func (f *feeder) setup(request []byte) error {
	var response [64]byte
	stall := int32(-int(unix.EL2HLT))
	answer := func(data []byte) {
		n := min(int(binary.LittleEndian.Uint16(request[6:])), len(data))
		copy(response[4:], data[:n])
		stall = int32(n)
	}
	class := request[0]&0x60 == 0x20 && request[0]&0x1f == 1
	f.selector = request[3]
	if class && request[4] == 1 && (f.selector == 1 || f.selector == 2) {
		switch request[1] {
		case uvcSetCur:
			stall = int32(min(int(binary.LittleEndian.Uint16(request[6:])), controlLength))
		case uvcGetCur, uvcGetMin, uvcGetMax, uvcGetDef:
			answer(f.probe)
		case uvcGetLen:
			answer([]byte{controlLength, 0})
		case uvcGetInfo:
			answer([]byte{3})
		}
	}
	binary.NativeEndian.PutUint32(response[:], uint32(stall))
	return f.ioctl(ioResponse, response[:])
}

// agree takes the host's wish for a time per frame, in 100 ns.
func (f *feeder) agree(interval uint32) {
	interval = max(333333, min(interval, 1_000_000))
	f.interval = time.Duration(interval) * 100
	p := f.probe
	clear(p)
	p[0], p[2], p[3] = 1, 1, 1
	binary.LittleEndian.PutUint32(p[4:], interval)
	binary.LittleEndian.PutUint32(p[18:], feedMost)
	binary.LittleEndian.PutUint32(p[22:], 1024) // bytes in a packet
	p[30], p[31], p[33] = 3, 1, 1
}

func (f *feeder) start() error {
	f.stop()
	var format [208]byte
	for at, v := range map[int]uint32{0: outputBuffer, 8: feedWidth, 12: feedHeight, 16: 'M' | 'J'<<8 | 'P'<<16 | 'G'<<24, 20: 1, 28: feedMost} {
		binary.NativeEndian.PutUint32(format[at:], v)
	}
	if err := f.ioctl(ioSetFormat, format[:]); err != nil {
		return fmt.Errorf("no format: %w", err)
	}
	if err := f.request(4); err != nil {
		return fmt.Errorf("no buffers: %w", err)
	}
	for i := range uint32(4) {
		b := buffer(i, 0)
		if err := f.ioctl(ioQueryBuf, b); err != nil {
			return err
		}
		memory, err := unix.Mmap(f.fd, int64(binary.NativeEndian.Uint32(b[64:])), int(binary.NativeEndian.Uint32(b[72:])), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return err
		}
		f.memory, f.free = append(f.memory, memory), append(f.free, i)
	}
	f.give()
	f.on, f.next = true, time.Now().Add(f.interval)
	return f.switchTo(ioStreamOn)
}

func (f *feeder) stop() {
	if !f.on {
		return
	}
	f.on = false
	_ = f.switchTo(ioStreamOff) // the host may be gone
	for _, memory := range f.memory {
		_ = unix.Munmap(memory)
	}
	f.memory, f.free = nil, nil
	_ = f.request(0)
}

// give hands the next picture over, if the driver has given a buffer back.
func (f *feeder) give() {
	f.next = f.next.Add(f.interval)
	if time.Since(f.next) > time.Second {
		f.next = time.Now()
	}
	for f.on {
		b := buffer(0, 0)
		if f.ioctl(ioDequeue, b) != nil {
			break
		}
		f.free = append(f.free, binary.NativeEndian.Uint32(b))
	}
	if len(f.free) == 0 {
		return
	}
	i := f.free[0]
	f.free = f.free[1:]
	picture := f.pictures[f.n%len(f.pictures)]
	f.n++
	copy(f.memory[i], picture)
	if err := f.ioctl(ioQueue, buffer(i, len(picture))); err != nil {
		fmt.Println("a picture is not taken:", err)
	}
}

func (f *feeder) request(n uint32) error {
	var request [20]byte
	for i, v := range []uint32{n, outputBuffer, mmapMemory} {
		binary.NativeEndian.PutUint32(request[4*i:], v)
	}
	return f.ioctl(ioRequest, request[:])
}

func (f *feeder) switchTo(request uintptr) error {
	var kind [4]byte
	binary.NativeEndian.PutUint32(kind[:], outputBuffer)
	return f.ioctl(request, kind[:])
}

// buffer is a struct v4l2_buffer.
func buffer(index uint32, used int) []byte {
	b := make([]byte, 88)
	for at, v := range map[int]uint32{0: index, 4: outputBuffer, 8: uint32(used), 60: mmapMemory} {
		binary.NativeEndian.PutUint32(b[at:], v)
	}
	return b
}

func (f *feeder) ioctl(request uintptr, argument []byte) error { return ioctl(f.fd, request, argument) }

func ioctl(fd int, request uintptr, argument []byte) error {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(unsafe.Pointer(&argument[0])))
		switch errno {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return errno
		}
	}
}
