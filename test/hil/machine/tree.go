package machine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// idleStates makes the machine's processors able to sleep. QEMU's own description
// of the machine has no such state, and without one Linux does suspend to idle,
// but stops no clock for it. The state is entered by the machine's sleep only: it
// says of itself that it is worth while for ten seconds and more, which no moment
// of idleness promises.
const idleStates = `
/ {
	cpus {
		idle-states {
			entry-method = "psci";
			cpu_sleep: cpu-sleep {
				compatible = "arm,idle-state";
				arm,psci-suspend-param = <0>;
				entry-latency-us = <1000>;
				exit-latency-us = <1000>;
				min-residency-us = <10000000>;
			};
		};
		cpu@0 { cpu-idle-states = <&cpu_sleep>; };
		cpu@1 { cpu-idle-states = <&cpu_sleep>; };
	};
};
`

// describe writes the description (a device tree) that QEMU would make of a board,
// with idleStates in it.
func (m *Machine) describe(ctx context.Context, board []string) (string, error) {
	plain, full := filepath.Join(m.dir, "plain.dtb"), filepath.Join(m.dir, "machine.dtb")
	dump := append([]string{"-machine", "dumpdtb=" + plain}, board...)
	if out, err := exec.CommandContext(ctx, "qemu-system-aarch64", dump...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot ask QEMU for its device tree: %w: %s", err, out)
	}
	source, err := compile(ctx, nil, "-I", "dtb", "-O", "dts", plain)
	if err != nil {
		return "", err
	}
	tree, err := compile(ctx, append(source, idleStates...), "-I", "dts", "-O", "dtb", "-")
	if err != nil {
		return "", err
	}
	return full, os.WriteFile(full, tree, 0o644)
}

// compile runs the device tree compiler.
func compile(ctx context.Context, in []byte, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "dtc", append([]string{"-q"}, args...)...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("cannot write the machine's device tree with dtc (package device-tree-compiler): %w: %s", err, said.Bytes())
	}
	return out, nil
}
