// Package header opens the lines of a Raspberry Pi's pin header by name
// ("GPIO17") on the GPIO chip with the header's label (pinctrl-rp1, ...), never
// by chip number: numbers differ between models and kernels. It uses the GPIO
// character device through periph's gpioioctl.
//
// # What periph leaves to this package
//
// gpioioctl (host v3.8.5) shapes what is here:
//   - One initialisation per process. A chip that appears later is not seen;
//     restart the process. Where two device files are one chip (on a Pi 5
//     gpiochip4 links to gpiochip0), initialising closes file descriptor 0; Open
//     puts it back. Call Open before other goroutines open files.
//   - Lines are requested as line sets, never as single pins: reading a single
//     output pin turns it into an input, a failed request of one is remembered as
//     done, and its waits hide errors and the edge's direction.
//   - An output is low for some microseconds between the request and its first
//     level, because a request cannot carry a level. A lamp that is lit by a low
//     level is lit for that moment: too short to be seen.
//   - Events carry no time of the kernel's. They are stamped when they are read.
//   - Errors have lost their number; a busy line is found by asking the kernel.
//
// A line that is released is free for others; most chips leave it as it was, some
// make it an input. Output.Close does not change its level.
//
// It may import: periph.io/x, golang.org/x/sys/unix, the standard library.
// It must not know what a line is for: no buttons, no lamps, nothing of Podium.
package header
