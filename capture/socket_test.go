package capture

import (
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"syscall"
	"time"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"podium/capture/internal/i420"
)

// socket is where a device is plugged in, by name, or not.
type socket struct {
	mu     sync.Mutex
	name   string        // of what is plugged in; "": nothing
	pulled chan struct{} // closed when it is unplugged
	busy   bool
	rate   int // of a microphone; 0: 48000
	open   int // devices that are open
	opens  int // attempts
}

func (s *socket) plug(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.name == "" {
		s.name, s.pulled = name, make(chan struct{})
	}
}

func (s *socket) unplug() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.name != "" {
		s.name = ""
		close(s.pulled)
	}
}

func (s *socket) attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opens
}

// plugged is a driver for one recording of what is plugged in.
type plugged struct {
	socket *socket
	wanted string
	name   string
	pulled chan struct{}
	once   sync.Once
	closed chan struct{}
	format prop.Media
	every  time.Duration
	start  time.Time
	n      int
}

func (s *socket) driver(wanted string) *plugged {
	return &plugged{socket: s, wanted: wanted, closed: make(chan struct{})}
}

func (p *plugged) Properties() []prop.Media { return nil }

func (p *plugged) Open() error {
	p.socket.mu.Lock()
	defer p.socket.mu.Unlock()
	p.socket.opens++
	switch {
	case p.socket.name == "" || p.wanted != "" && p.wanted != p.socket.name:
		return fmt.Errorf("cannot open %s: %w", p.wanted, syscall.ENOENT)
	case p.socket.busy:
		return fmt.Errorf("cannot open %s: %w", p.wanted, syscall.EBUSY)
	}
	p.name, p.pulled = p.socket.name, p.socket.pulled
	p.socket.open++
	return nil
}

func (p *plugged) Close() error {
	p.once.Do(func() {
		p.socket.mu.Lock()
		defer p.socket.mu.Unlock()
		p.socket.open--
		close(p.closed)
	})
	return nil
}

func (p *plugged) VideoRecord(want prop.Media) (video.Reader, error) {
	if want.Width > 2000 {
		return nil, errors.New("it does not offer that size")
	}
	p.format, p.every, p.start = want, 40*time.Millisecond, time.Now()
	return pluggedCamera{p}, nil
}

func (p *plugged) AudioRecord(prop.Media) (audio.Reader, error) {
	rate := p.socket.rate
	if rate == 0 {
		rate = 48000
	}
	p.format = prop.Media{Audio: prop.Audio{SampleRate: rate, ChannelCount: 2}}
	p.every, p.start = packetTime, time.Now()
	return pluggedMicrophone{p}, nil
}

// tick waits for the next frame or block.
func (p *plugged) tick() error {
	p.n++
	timer := time.NewTimer(time.Until(p.start.Add(time.Duration(p.n) * p.every)))
	defer timer.Stop()
	select {
	case <-p.closed:
		return io.EOF
	case <-p.pulled:
		return fmt.Errorf("%s is gone: %w", p.name, syscall.ENODEV)
	case <-timer.C:
		return nil
	}
}

func (p *plugged) Name() string        { return p.name }
func (p *plugged) Format() prop.Media  { return p.format }
func (p *plugged) Captured() time.Time { return p.start.Add(time.Duration(p.n-1) * p.every) }

type pluggedCamera struct{ *plugged }

func (p pluggedCamera) Read() (image.Image, func(), error) {
	if err := p.tick(); err != nil {
		return nil, func() {}, err
	}
	return i420.New(p.format.Width, p.format.Height), func() {}, nil
}

type pluggedMicrophone struct{ *plugged }

func (p pluggedMicrophone) Read() (wave.Audio, func(), error) {
	if err := p.tick(); err != nil {
		return nil, func() {}, err
	}
	block := wave.NewInt16Interleaved(wave.ChunkInfo{Len: p.format.SampleRate / 50, Channels: 2, SamplingRate: p.format.SampleRate})
	for i := range block.Data {
		block.Data[i] = 1000
	}
	return block, func() {}, nil
}

func (p pluggedMicrophone) Position() int64 { return int64(p.n-1) * int64(p.format.SampleRate/50) }
