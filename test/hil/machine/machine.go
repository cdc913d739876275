package machine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"podium/test/hil/guestapi"
)

// Config says how a machine starts.
type Config struct {
	Image   Image
	Overlay func(*Archive) error // adds what this run brings: programs, configuration
	Output  string               // folder that gets serial.log
	Memory  int                  // MiB; 0 is 1536
	Shell   string               // path of a Unix socket with a shell, "" for none
	Systemd bool                 // process 1 is systemd, once the devices are there
	Limit   time.Duration        // of the way up, until the agent answers; 0 is 5 minutes
}

// Machine is a running virtual podium.
type Machine struct {
	Guest // calls to the agent

	cmd    *exec.Cmd
	dir    string
	exited chan struct{} // closed when QEMU has ended
	err    error         // how it ended, readable after exited
}

// Boot starts a machine and waits until its agent answers. ctx bounds the
// machine's whole life: at its end QEMU is killed. Close must be called.
func Boot(ctx context.Context, c Config) (*Machine, error) {
	dir, err := os.MkdirTemp("", "podium-hil-")
	if err != nil {
		return nil, err
	}
	m := &Machine{dir: dir, exited: make(chan struct{})}
	if err := m.boot(ctx, c); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

func (m *Machine) boot(ctx context.Context, c Config) error {
	initrd, err := m.packInitrd(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Output, 0o755); err != nil {
		return err
	}
	socket := filepath.Join(m.dir, "agent")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	defer listener.Close()
	ctx, err = m.startQEMU(ctx, c, initrd, socket)
	if err != nil {
		return err
	}
	if c.Limit == 0 {
		c.Limit = 5 * time.Minute
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.Limit, fmt.Errorf("the machine is not up after %s", c.Limit))
	defer cancel()
	conn, err := accept(ctx, listener)
	if err != nil {
		return err
	}
	m.Guest = newGuest(conn)
	// The connection stands as soon as QEMU runs; the agent answers much later.
	var at time.Duration
	if err := m.call(ctx, "Ping", guestapi.None{}, &at); err != nil {
		return fmt.Errorf("cannot reach the agent in the machine: %w; last of the console:\n%s", err, consoleTail(c.Output))
	}
	return nil
}

func (m *Machine) packInitrd(c Config) (string, error) {
	overlay := filepath.Join(m.dir, "overlay.cpio")
	if err := pack(overlay, c.Overlay); err != nil {
		return "", err
	}
	initrd := filepath.Join(m.dir, "initrd")
	return initrd, join(initrd, c.Image.Root, c.Image.Modules, overlay)
}

// startQEMU starts QEMU and ends the context that it returns when QEMU ends.
func (m *Machine) startQEMU(ctx context.Context, c Config, initrd, socket string) (context.Context, error) {
	args := arguments(c, initrd, socket)
	tree, err := m.describe(ctx, board(c))
	if err != nil {
		return nil, err
	}
	m.cmd = exec.CommandContext(ctx, "qemu-system-aarch64", append(args, "-dtb", tree)...)
	// A test that panics or is killed must not leave a machine behind.
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	m.cmd.Stderr = os.Stderr
	if err := m.cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start QEMU (package qemu-system-arm): %w", err)
	}
	life, end := context.WithCancelCause(ctx)
	go func() {
		m.err = m.cmd.Wait()
		end(errors.Join(errors.New("QEMU has ended"), m.err))
		close(m.exited)
	}()
	return life, nil
}

// arguments are QEMU's. Without a network the machine cannot reach anything.
func arguments(c Config, initrd, socket string) []string {
	words := "console=ttyAMA0 panic=-1 nokaslr mitigations=off quiet"
	if c.Systemd {
		words += " " + guestapi.SystemdWord + " systemd.show_status=no systemd.firstboot=off systemd.mask=systemd-firstboot.service systemd.mask=serial-getty@ttyAMA0.service systemd.mask=getty@tty1.service systemd.mask=systemd-networkd-wait-online.service"
	}
	args := append(board(c),
		"-no-reboot",
		"-kernel", c.Image.Kernel, "-initrd", initrd,
		"-append", words,
		"-serial", "file:"+consoleFile(c.Output),
		"-device", "virtio-serial-pci",
		"-chardev", "socket,id=agent,path="+socket,
		"-device", "virtserialport,chardev=agent,name="+guestapi.Port)
	if c.Shell != "" {
		args = append(args, "-chardev", "socket,id=shell,server=on,wait=off,path="+c.Shell, "-device", "virtconsole,chardev=shell")
	}
	return args
}

// board are the arguments that the description of the machine depends on. The
// machine's time is counted in its instructions, of 4 ns each, and never runs
// ahead of the host's: where the host has other work the machine takes longer, but
// sees itself as fast as ever, so that its times mean something.
func board(c Config) []string {
	if c.Memory == 0 {
		c.Memory = 1536
	}
	return []string{
		"-M", "virt", "-cpu", "cortex-a57", "-smp", "2", "-m", fmt.Sprint(c.Memory),
		"-accel", "tcg,thread=single", "-icount", "shift=2,sleep=on", "-rtc", "clock=vm",
		"-nodefaults", "-nic", "none", "-display", "none",
	}
}

// accept waits for QEMU's connection, which comes when QEMU starts.
func accept(ctx context.Context, listener net.Listener) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	conn, err := listener.Accept()
	if err != nil {
		return nil, fmt.Errorf("QEMU did not connect its agent's port: %w", errors.Join(context.Cause(ctx), err))
	}
	return conn, nil
}

// Exited is closed when the machine is off.
func (m *Machine) Exited() <-chan struct{} { return m.exited }

// Close switches the machine off: without its connection the agent ends, and
// with the agent the machine. One that does not follow within a minute is killed.
func (m *Machine) Close() error {
	var err error
	if m.rpc != nil {
		// It is shut already when the machine went off by itself.
		if err = m.rpc.Close(); errors.Is(err, rpc.ErrShutdown) {
			err = nil
		}
	}
	if m.cmd != nil && m.cmd.Process != nil {
		select {
		case <-m.exited:
		case <-time.After(time.Minute):
			err = errors.Join(errors.New("the machine did not switch itself off"), m.cmd.Process.Kill())
			<-m.exited
		}
		err = errors.Join(err, m.err)
	}
	return errors.Join(err, os.RemoveAll(m.dir))
}

func consoleFile(output string) string { return filepath.Join(output, "console.log") }

func consoleTail(output string) string {
	text, err := os.ReadFile(consoleFile(output))
	if err != nil {
		return err.Error()
	}
	return tail(text, 30)
}
