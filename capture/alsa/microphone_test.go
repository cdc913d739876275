//go:build linux && (amd64 || arm64)

package alsa

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
	"golang.org/x/sys/unix"
)

func recording(t *testing.T) (*fakePCM, *Microphone, *Reader) {
	t.Helper()
	f := newFake(t)
	m := microphone(f)
	if err := m.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	r, err := m.AudioRecord(prop.Media{})
	if err != nil {
		t.Fatal(err)
	}
	return f, m, r.(*Reader)
}

func microphone(f *fakePCM) *Microphone {
	m := New(Options{})
	m.find = func() []Found { return []Found{{Name: "hw:Mic,0", Card: "Mic", Path: "/dev/snd/pcmC0D0c"}} }
	m.open = func(Found, int) (pcm, error) { return f, nil }
	return m
}

// ramp is a block of mono samples that count up from first.
func ramp(first, n int) []byte {
	var b []byte
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(first+i))
	}
	return b
}

func first(t *testing.T, r *Reader) int16 {
	t.Helper()
	block, _, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	data := block.(*wave.Int16Interleaved).Data
	if len(data) != 960 {
		t.Fatalf("a block of %d samples", len(data))
	}
	for i := range data {
		if data[i] != data[0]+int16(i) {
			t.Fatalf("torn block: sample %d is %d after %d", i, data[i], data[0])
		}
	}
	return data[0]
}

func TestBlocksOfTwentyMilliseconds(t *testing.T) {
	f, _, r := recording(t)
	f.give(ramp(0, 700)) // in pieces that do not fit
	f.give(ramp(700, 1220))
	if got := first(t, r); got != 0 || r.Position() != 0 {
		t.Errorf("first block starts with %d at position %d", got, r.Position())
	}
	if age := time.Since(r.Captured()); age < 40*time.Millisecond {
		t.Errorf("captured %v ago, with 20 ms in it and 20 ms behind it", age)
	}
	if got := first(t, r); got != 960 || r.Position() != 960 {
		t.Errorf("second block starts with %d at position %d", got, r.Position())
	}
}

func TestOverrunLeavesAGap(t *testing.T) {
	f, _, r := recording(t)
	f.give(ramp(0, 960))
	first(t, r)
	r.captured = r.captured.Add(-300 * time.Millisecond) // as if the block had been read long ago
	f.fail(unix.EPIPE)
	f.give(ramp(5000, 960))
	if got := first(t, r); got != 5000 {
		t.Errorf("block starts with %d", got)
	}
	if r.Overruns() != 1 || f.starts != 2 {
		t.Errorf("%d overruns, %d starts", r.Overruns(), f.starts)
	}
	if r.Position() < 960*15 || r.Position()%960 != 0 {
		t.Errorf("position %d after 300 ms", r.Position())
	}
}

func TestEndlessOverrunsAreAnError(t *testing.T) {
	f, _, r := recording(t)
	for range restartsInVain + 1 {
		f.fail(unix.EPIPE)
	}
	if _, _, err := r.Read(); err == nil || !strings.Contains(err.Error(), "again and again") {
		t.Error(err)
	}
}

func TestUnplugged(t *testing.T) {
	f, m, r := recording(t)
	f.fail(unix.ENODEV)
	if _, _, err := r.Read(); !errors.Is(err, unix.ENODEV) || err.Error() != "microphone hw:Mic,0 is gone: no such device" {
		t.Error(err)
	}
	if err := m.Close(); err != nil || !f.closed {
		t.Errorf("close: %v, closed %v", err, f.closed)
	}
}

func TestCloseEndsABlockedRead(t *testing.T) {
	f, m, r := recording(t)
	ended := make(chan error)
	go func() {
		_, _, err := r.Read()
		ended <- err
	}()
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != io.EOF {
		t.Error(err)
	}
	if !f.closed || f.running {
		t.Errorf("closed %v, running %v", f.closed, f.running)
	}
}

func TestAgreement(t *testing.T) {
	tests := []struct {
		name                     string
		rates, channels, formats []int
		want                     string // of setting.String, or of the error
	}{
		{"plain microphone", []int{44100, 48000}, []int{1}, []int{formatS16}, "S16_LE, 48000 Hz, 1 channels"},
		{"stereo only", []int{48000}, []int{2}, []int{formatS16}, "S16_LE, 48000 Hz, 2 channels"},
		{"webcam", []int{16000, 24000, 32000}, []int{2}, []int{formatS16}, "S16_LE, 24000 Hz, 2 channels"},
		{"sound card with wide samples", []int{48000}, []int{1, 2}, []int{formatS32, formatS24x3}, "S32_LE, 48000 Hz, 1 channels"},
		{"three bytes", []int{48000}, []int{2}, []int{formatS24x3}, "S24_3LE, 48000 Hz, 2 channels"},
		{"no usable rate", []int{44100}, []int{1}, []int{formatS16}, "it has 44100 to 44100 Hz"},
		{"surround", []int{48000}, []int{6}, []int{formatS16}, "neither mono nor stereo"},
		{"odd format", []int{48000}, []int{1}, []int{20}, "no sample format"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			f.rates, f.channels, f.formats = test.rates, test.channels, test.formats
			s, err := agree(device{f})
			got := s.String()
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestErrorsSayWhatAndWhy(t *testing.T) {
	m := microphone(nil)
	m.open = func(Found, int) (pcm, error) { return nil, unix.EBUSY }
	if err := m.Open(); !errors.Is(err, unix.EBUSY) || !strings.Contains(err.Error(), "hw:Mic,0: busy (another program holds it)") {
		t.Errorf("busy: %v", err)
	}
	m.options.Device = "Other"
	if err := m.Open(); !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "Other") || !strings.Contains(err.Error(), "there is hw:Mic,0") {
		t.Errorf("missing: %v", err)
	}
	m.options.Device = ""
	m.find = func() []Found { return nil }
	if err := m.Open(); !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "no sound card") {
		t.Errorf("none: %v", err)
	}
	f := newFake(t)
	f.refuse[reqStart] = unix.ENODEV
	m = microphone(f)
	if err := m.Open(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.AudioRecord(prop.Media{}); !errors.Is(err, unix.ENODEV) {
		t.Errorf("gone at start: %v", err)
	}
	if m.Close(); !f.closed {
		t.Error("not closed")
	}
}

func TestToInt16(t *testing.T) {
	for format, raw := range map[int][]byte{
		formatS16:   {0x34, 0x12, 0xfe, 0xff},
		formatS24:   {0x77, 0x34, 0x12, 0x00, 0x77, 0xfe, 0xff, 0xff},
		formatS32:   {0x77, 0x77, 0x34, 0x12, 0x77, 0x77, 0xfe, 0xff},
		formatS24x3: {0x77, 0x34, 0x12, 0x77, 0xfe, 0xff},
	} {
		var got [2]int16
		if toInt16(got[:], raw, format); got != [2]int16{0x1234, -2} {
			t.Errorf("%s: %x", formatName(format), got)
		}
	}
}

// A request number carries the size of its argument in bits 16 to 29.
func TestStructuresHaveTheKernelsSizes(t *testing.T) {
	for name, test := range map[string]struct {
		request uint
		size    uintptr
	}{
		"snd_pcm_info":      {reqInfo, unsafe.Sizeof(pcmInfo{})},
		"snd_pcm_hw_params": {reqHardware, unsafe.Sizeof(hardwareParams{})},
		"snd_pcm_sw_params": {reqSoftware, unsafe.Sizeof(softwareParams{})},
		"snd_xferi":         {reqRead, unsafe.Sizeof(transfer{})},
	} {
		if want := uintptr(test.request >> 16 & 0x3fff); test.size != want {
			t.Errorf("%s has %d bytes, the kernel's has %d", name, test.size, want)
		}
	}
	if at := unsafe.Offsetof(hardwareParams{}.intervals); at != 0x104 {
		t.Errorf("the intervals of snd_pcm_hw_params stand at %#x", at)
	}
	if at := unsafe.Offsetof(softwareParams{}.boundary); at != 0x40 {
		t.Errorf("the boundary of snd_pcm_sw_params stands at %#x", at)
	}
}
