//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
)

// buffersWanted keeps the camera busy while one frame is encoded and one waits.
const buffersWanted = 4

// stream is the kernel's queue of frames. All of it belongs to one goroutine at
// a time.
type stream struct {
	node    videodev.Node
	memory  [][]byte
	running bool
}

// startStream maps the buffers, queues them all and starts the camera.
func startStream(n videodev.Node) (*stream, error) {
	s := &stream{node: n}
	if err := s.start(); err != nil {
		_ = s.stop()
		return nil, err
	}
	return s, nil
}

func (s *stream) start() error {
	request := videodev.RequestBuffers{Count: buffersWanted, BufferType: bufferTypeCapture, Memory: videodev.MemoryMmap}
	if err := s.node.Ioctl(videodev.ReqRequestBuffers, unsafe.Pointer(&request)); err != nil {
		return fmt.Errorf("it gives no buffers: %w", err)
	}
	if request.Count < 2 {
		return fmt.Errorf("it gives %d buffers, fewer than two", request.Count)
	}
	for i := range request.Count {
		b := buffer{index: i, bufferType: bufferTypeCapture, memory: videodev.MemoryMmap}
		if err := s.node.Ioctl(videodev.ReqQueryBuffer, unsafe.Pointer(&b)); err != nil {
			return fmt.Errorf("it does not show buffer %d: %w", i, err)
		}
		memory, err := s.node.Mmap(int64(b.offset), int(b.length))
		if err != nil {
			return fmt.Errorf("cannot map buffer %d of %d bytes: %w", i, b.length, err)
		}
		s.memory = append(s.memory, memory)
		if err := s.queue(i); err != nil {
			return err
		}
	}
	kind := int32(bufferTypeCapture)
	if err := s.node.Ioctl(videodev.ReqStreamOn, unsafe.Pointer(&kind)); err != nil {
		return fmt.Errorf("it does not start: %w", err)
	}
	s.running = true
	return nil
}

func (s *stream) queue(i uint32) error {
	b := buffer{index: i, bufferType: bufferTypeCapture, memory: videodev.MemoryMmap}
	if err := s.node.Ioctl(videodev.ReqQueue, unsafe.Pointer(&b)); err != nil {
		return fmt.Errorf("it does not take buffer %d back: %w", i, err)
	}
	return nil
}

// filled is a buffer that the camera has written.
type filled struct {
	index    uint32
	data     []byte
	captured time.Time
	damaged  bool
}

// dequeue returns the oldest written buffer, or false when there is none now.
func (s *stream) dequeue() (filled, bool, error) {
	b := buffer{bufferType: bufferTypeCapture, memory: videodev.MemoryMmap}
	err := s.node.Ioctl(videodev.ReqDequeue, unsafe.Pointer(&b))
	switch {
	case errors.Is(err, unix.EAGAIN):
		return filled{}, false, nil
	case err != nil:
		return filled{}, false, fmt.Errorf("it gives no frame: %w", err)
	case int(b.index) >= len(s.memory):
		return filled{}, false, fmt.Errorf("it gives buffer %d of %d", b.index, len(s.memory))
	}
	memory := s.memory[b.index]
	used := min(int(b.bytesUsed), len(memory))
	return filled{
		index:    b.index,
		data:     memory[:used],
		captured: captureTime(b, time.Now()),
		damaged:  b.flags&videodev.BufferError != 0 || used == 0,
	}, true, nil
}

// oldestTime is how old a timestamp can be and still be believed. A stopped
// virtual machine or a driver with another clock gives older ones.
const oldestTime = time.Minute

// captureTime turns the driver's timestamp into a time on Go's clock; both
// count on CLOCK_MONOTONIC.
func captureTime(b buffer, now time.Time) time.Time {
	if b.flags&timestampMask != timestampMonotonic {
		return now
	}
	var clock unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &clock); err != nil {
		return now
	}
	stamp := time.Duration(b.timestamp.Seconds)*time.Second + time.Duration(b.timestamp.Microseconds)*time.Microsecond
	age := time.Duration(clock.Nano()) - stamp
	if age < 0 || age > oldestTime {
		return now
	}
	return now.Add(-age)
}

// stop ends the stream and unmaps its memory. Errors of an unplugged camera are
// none: everything it held is gone with it.
func (s *stream) stop() error {
	var failed []error
	if s.running {
		kind := int32(bufferTypeCapture)
		if err := s.node.Ioctl(videodev.ReqStreamOff, unsafe.Pointer(&kind)); err != nil && !errors.Is(err, unix.ENODEV) {
			failed = append(failed, fmt.Errorf("it does not stop: %w", err))
		}
		s.running = false
	}
	for _, memory := range s.memory {
		if err := s.node.Munmap(memory); err != nil {
			failed = append(failed, fmt.Errorf("cannot unmap a buffer: %w", err))
		}
	}
	s.memory = nil
	return errors.Join(failed...)
}
