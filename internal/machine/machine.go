package machine

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Health is what the machine says of itself.
type Health struct {
	Temperature *float64 // of the processor, °C; nil: the machine does not say
	Throttled   []string // what is the matter now, by the names below
	Before      []string // what was the matter since the start
}

// The names of what slows a Pi down, in the order of their bits in get_throttled
// (https://www.raspberrypi.com/documentation/computers/os.html#get_throttled): bit 0
// to 3 for now, bit 16 to 19 for since the start.
var names = [4]string{"underVoltage", "frequencyCapped", "throttled", "softTemperatureLimit"}

// Where Linux has it. The second is of the raspberrypi-firmware driver, which every
// kernel of Raspberry Pi OS has.
const (
	temperatureFile = "sys/class/thermal/thermal_zone0/temp"
	throttledFile   = "sys/devices/platform/soc/soc:firmware/get_throttled"
)

// Read reads the machine's files. root is "/"; tests have another one.
func Read(root string) Health {
	var h Health
	if text, err := os.ReadFile(filepath.Join(root, temperatureFile)); err == nil {
		h.Temperature = temperature(string(text))
	}
	if text, err := os.ReadFile(filepath.Join(root, throttledFile)); err == nil {
		h.Throttled, h.Before = throttled(string(text))
	}
	return h
}

// temperature reads thousandths of a degree; nil: it cannot be one.
func temperature(text string) *float64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil || n < -60_000 || n > 200_000 {
		return nil
	}
	c := math.Round(float64(n)/100) / 10
	return &c
}

// throttled reads the firmware's bits, in hexadecimal.
func throttled(text string) (now, before []string) {
	bits, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(text), "0x"), 16, 32)
	if err != nil {
		return nil, nil
	}
	for i, name := range names {
		if bits>>i&1 == 1 {
			now = append(now, name)
		}
		if bits>>(16+i)&1 == 1 {
			before = append(before, name)
		}
	}
	return now, before
}

// words say for a person what is the matter, and what to do.
var words = map[string]string{
	"underVoltage":         "the power supply gives too little: use the Pi's own, and a short cable",
	"frequencyCapped":      "slowed down: too hot, or too little power",
	"throttled":            "slowed down to the least: too hot, or too little power",
	"softTemperatureLimit": "getting too hot: give it air, or a heat sink",
}

// Words say for a person what a name means.
func Words(name string) string { return words[name] }
