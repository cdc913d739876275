//go:build linux && (amd64 || arm64)

package m2m

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
)

// queue is one of the two queues of buffers: raw pictures in, or units out.
type queue struct {
	node    videodev.Node
	kind    uint32
	name    string // for errors
	memory  [][]byte
	free    []uint32 // not with the driver
	running bool
	asked   buffer // asked.planes is &plane
	plane   plane
}

func newQueue(n videodev.Node, kind uint32, name string) *queue {
	return &queue{node: n, kind: kind, name: name}
}

// request is what the next ioctl says and answers.
func (q *queue) request(index uint32) *buffer {
	q.plane = plane{}
	q.asked = buffer{index: index, bufferType: q.kind, memory: videodev.MemoryMmap, planes: &q.plane, length: 1}
	return &q.asked
}

// fill has the driver make buffers and maps them.
func (q *queue) fill(count uint32) error {
	r := videodev.RequestBuffers{Count: count, BufferType: q.kind, Memory: videodev.MemoryMmap}
	if err := q.node.Ioctl(videodev.ReqRequestBuffers, unsafe.Pointer(&r)); err != nil {
		return fmt.Errorf("it gives no buffers for %s: %w", q.name, err)
	}
	if r.Count == 0 {
		return fmt.Errorf("it gives no buffers for %s", q.name)
	}
	for i := range r.Count {
		b := q.request(i)
		if err := q.node.Ioctl(videodev.ReqQueryBuffer, unsafe.Pointer(b)); err != nil {
			return fmt.Errorf("it does not show buffer %d for %s: %w", i, q.name, err)
		}
		if b.length != 1 {
			return fmt.Errorf("it wants %s in %d planes, not one", q.name, b.length)
		}
		memory, err := q.node.Mmap(int64(q.plane.offset), int(q.plane.length))
		if err != nil {
			return fmt.Errorf("cannot map buffer %d of %d bytes for %s: %w", i, q.plane.length, q.name, err)
		}
		q.memory = append(q.memory, memory)
		q.free = append(q.free, i)
	}
	return nil
}

// give hands a free buffer with used bytes in it to the driver.
func (q *queue) give(used int, at videodev.Timeval) error {
	i := q.free[len(q.free)-1]
	b := q.request(i)
	b.field, b.timestamp = fieldNone, at
	q.plane.bytesUsed, q.plane.length = uint32(used), uint32(len(q.memory[i]))
	if err := q.node.Ioctl(videodev.ReqQueue, unsafe.Pointer(b)); err != nil {
		return fmt.Errorf("it does not take a buffer for %s: %w", q.name, err)
	}
	q.free = q.free[:len(q.free)-1]
	return nil
}

// took is a buffer that the driver has done with.
type took struct {
	data    []byte // valid until the buffer is given again
	damaged bool
}

// take gets a buffer back, or false when there is none now.
func (q *queue) take() (took, bool, error) {
	b := q.request(0)
	err := q.node.Ioctl(videodev.ReqDequeue, unsafe.Pointer(b))
	switch {
	case errors.Is(err, unix.EAGAIN):
		return took{}, false, nil
	case err != nil:
		return took{}, false, fmt.Errorf("it gives no buffer of %s back: %w", q.name, err)
	case int(b.index) >= len(q.memory):
		return took{}, false, fmt.Errorf("it gives buffer %d of %d for %s", b.index, len(q.memory), q.name)
	}
	q.free = append(q.free, b.index)
	memory := q.memory[b.index]
	used := min(int(q.plane.bytesUsed), len(memory))
	return took{data: memory[min(int(q.plane.dataOffset), used):used], damaged: b.flags&videodev.BufferError != 0}, true, nil
}

func (q *queue) start() error {
	kind := int32(q.kind)
	if err := q.node.Ioctl(videodev.ReqStreamOn, unsafe.Pointer(&kind)); err != nil {
		return fmt.Errorf("it does not start with %s: %w", q.name, err)
	}
	q.running = true
	return nil
}

// stop has the driver give all buffers back.
func (q *queue) stop() error {
	if !q.running {
		return nil
	}
	q.running = false
	kind := int32(q.kind)
	if err := q.node.Ioctl(videodev.ReqStreamOff, unsafe.Pointer(&kind)); err != nil {
		return fmt.Errorf("it does not stop with %s: %w", q.name, err)
	}
	q.free = q.free[:0]
	for i := range q.memory {
		q.free = append(q.free, uint32(i))
	}
	return nil
}

func (q *queue) unmap() error {
	var failed error
	for _, memory := range q.memory {
		failed = errors.Join(failed, q.node.Munmap(memory))
	}
	q.memory, q.free = nil, nil
	return failed
}
