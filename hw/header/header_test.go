package header

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpenWithoutTheHeader(t *testing.T) {
	for range 2 { // the second time periph is not initialised again
		_, err := Open(Config{ChipLabels: []string{"no-such-chip", "nor-this"}})
		if err == nil || !strings.Contains(err.Error(), "no GPIO chip labelled no-such-chip, nor-this; ") {
			t.Fatalf("Open says %v", err)
		}
	}
	if _, err := unix.FcntlInt(0, unix.F_GETFD, 0); err != nil {
		t.Errorf("descriptor 0 after Open: %v", err)
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		there []string
		want  int
	}{
		{nil, -1},
		{[]string{"gpio-mmio"}, -1},
		{[]string{"pinctrl-bcm2711", "raspberrypi-exp-gpio"}, 0},
		{[]string{"gpio-brcmstb@107d508500", "pinctrl-bcm2835", "pinctrl-rp1"}, 2},
	} {
		if got := choose(DefaultChipLabels(), c.there); got != c.want {
			t.Errorf("of %v: %d, want %d", c.there, got, c.want)
		}
	}
}

func TestPresence(t *testing.T) {
	denied := &fs.PathError{Op: "open", Path: "/dev/gpiochip0", Err: unix.EACCES}
	for _, c := range []struct {
		labels     []string
		unreadable []error
		want       string
	}{
		{nil, nil, "this machine has no /dev/gpiochip*"},
		{[]string{"gpio-mmio", "pinctrl-x"}, nil, "there are: gpio-mmio, pinctrl-x"},
		{nil, []error{denied}, "cannot look at one: open /dev/gpiochip0: permission denied (is this user in the group that owns it, usually gpio?)"},
		{[]string{"a"}, []error{errors.New("e")}, "there are: a; cannot look at one: e"},
	} {
		if got := presence(c.labels, c.unreadable); got != c.want {
			t.Errorf("%v, %v: %q, want %q", c.labels, c.unreadable, got, c.want)
		}
	}
}

func TestSuggestion(t *testing.T) {
	pi := []string{"ID_SDA", "-", "", "GPIO2", "GPIO17"}
	for _, c := range []struct {
		name  string
		there []string
		want  string
	}{
		{"gpio17", pi, `is "GPIO17" meant?`},
		{"2", pi, `is "GPIO2" meant?`},
		{"GPIO99", pi, "its 3 named lines are: ID_SDA GPIO2 GPIO17"},
		{"GPIO2", []string{"", "-"}, "its lines have no names: the kernel or device tree is not a Raspberry Pi's"},
	} {
		if got := suggestion(c.name, c.there); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDecodeLineInfo(t *testing.T) {
	var info [lineInfoSize]byte
	copy(info[:], "GPIO17")
	copy(info[consumerAt:], "a-name-as-long-as-the-kernel-has")
	binary.NativeEndian.PutUint32(info[offsetAt:], 17)
	binary.NativeEndian.PutUint64(info[flagsAt:], 0b1000) // an output nobody holds
	want := Line{Name: "GPIO17", Holder: "a-name-as-long-as-the-kernel-has", Offset: 17}
	if got := decodeLineInfo(&info); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	info[flagsAt] |= 1
	want.Used = true
	if got := decodeLineInfo(&info); binary.NativeEndian.Uint16([]byte{1, 0}) == 1 && got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestLineInfoOfNoChip(t *testing.T) {
	if _, err := readLineInfo("/dev/no-such-chip", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a chip that is not there: %v", err)
	}
	if _, err := readLineInfo(os.DevNull, 0); !errors.Is(err, unix.ENOTTY) || !strings.Contains(err.Error(), os.DevNull) {
		t.Errorf("a file that is no chip: %v", err)
	}
}

func TestBusy(t *testing.T) {
	for holder, want := range map[string]string{
		"podium@812":  "podium@812 holds it; end that, or choose another line",
		"spi0 CS0":    "spi0 CS0 holds it; end that, or choose another line",
		"":            "a kernel driver holds it; choose another line, or switch off the overlay that uses it",
		"podium@4711": "this process holds it already; is it named twice in the configuration?",
	} {
		err := busy(holder, 4711)
		if !errors.Is(err, unix.EBUSY) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v", holder, err)
		}
	}
}
