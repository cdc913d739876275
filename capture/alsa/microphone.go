//go:build linux && (amd64 || arm64)

package alsa

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"podium/capture/internal/holder"
)

// Options name a microphone.
type Options struct {
	// Device is a card by its id or number, with a device and a subdevice where
	// it matters: "Loopback", "Loopback,1", "hw:Loopback,1,0", "0". A card alone
	// means its first capture device, of a snd-aloop card device 1. "" means the
	// first card that can record.
	Device string
}

// Microphone is a mediadevices driver for one capture device, for one
// recording: after Close it stays closed.
type Microphone struct {
	options Options
	find    func() []Found
	open    func(Found, int) (pcm, error)

	mu     sync.Mutex // held by Open, AudioRecord, Close; not by Read
	found  Found
	device device
	reader *Reader
	closed bool
}

// New makes a driver. It opens nothing.
func New(o Options) *Microphone { return &Microphone{options: o, find: Find, open: openPCM} }

// Open opens the microphone. A missing one wraps ENOENT and says which there are.
func (m *Microphone) Open() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.device.pcm != nil || m.closed {
		return errors.New("cannot open the microphone: it was opened before")
	}
	found, subdevice, err := m.choose()
	if err != nil {
		return err
	}
	p, err := m.open(found, subdevice)
	if err != nil {
		return explain(found, err)
	}
	m.found, m.device = found, device{p}
	return nil
}

func (m *Microphone) choose() (Found, int, error) {
	all := m.find()
	if m.options.Device == "" {
		if len(all) == 0 {
			return Found{}, 0, fmt.Errorf("cannot open a microphone: no sound card can record: %w", unix.ENOENT)
		}
		return all[0], -1, nil
	}
	wanted, err := parse(m.options.Device)
	if err != nil {
		return Found{}, 0, err
	}
	for _, f := range all {
		if wanted.matches(f) {
			return f, wanted.subdevice, nil
		}
	}
	return Found{}, 0, fmt.Errorf("cannot open microphone %s: %w; %s", m.options.Device, unix.ENOENT, list(all))
}

// explain turns an error into a text that says what to do.
func explain(f Found, err error) error {
	switch {
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("cannot open microphone %s: busy (%s): %w", f.Name, holder.Describe(f.Path), err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("cannot open microphone %s: %w; the user must be in the group audio", f.Name, err)
	case gone(err):
		return fmt.Errorf("cannot open microphone %s: it is gone: %w", f.Name, unix.ENODEV)
	default:
		return fmt.Errorf("cannot open microphone %s: %w", f.Name, err)
	}
}

// gone tells the errors of a card that was unplugged.
func gone(err error) bool {
	return errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENXIO) || errors.Is(err, unix.ENOTTY)
}

// Properties is empty before AudioRecord: what a card can do depends on what is
// asked first, so there is no list.
func (m *Microphone) Properties() []prop.Media {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reader == nil {
		return nil
	}
	return []prop.Media{m.reader.Format()}
}

// AudioRecord starts the microphone. What was agreed on is in the reader's
// Format; only the length of a block, 20 ms, is fixed.
func (m *Microphone) AudioRecord(prop.Media) (audio.Reader, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.device.pcm == nil || m.reader != nil || m.closed {
		return nil, errors.New("cannot record: the microphone is not open, or records already")
	}
	s, err := agree(m.device)
	if err != nil {
		return nil, explain(m.found, err)
	}
	if err := m.device.start(); err != nil {
		return nil, explain(m.found, fmt.Errorf("it does not start: %w", err))
	}
	m.reader = newReader(m.found.Name, m.device, s)
	return m.reader, nil
}

// Close ends a Read that is under way, stops the microphone and closes it.
func (m *Microphone) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.device.pcm == nil || m.closed {
		return nil
	}
	m.closed = true
	m.device.End()
	if m.reader != nil {
		m.reader.stop()
	}
	// What it still holds is of no use; closing would drop it as well, but some
	// drivers wait for the end of the buffer first.
	_ = m.device.Ioctl(reqDrop, nil)
	return m.device.Close()
}
