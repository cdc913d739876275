package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

var standardEnv = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "TERM=dumb"}

// runInit is process 1. When the agent ends, however it ends, the machine is
// switched off: QEMU then ends and the test knows.
func runInit() {
	fmt.Println("guest: init")
	if err := bringUp(); err != nil {
		fmt.Println("guest: cannot bring the machine up:", err)
	} else if underSystemd() {
		fmt.Println("guest: cannot give way to systemd:", giveWay())
	} else if status, err := superviseAgent(); err != nil || status != 0 {
		fmt.Println("guest: the agent ended with", status, err)
	}
	switchOff()
}

func switchOff() {
	unix.Sync()
	if err := unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF); err != nil {
		fmt.Println("guest: cannot switch the machine off:", err)
	}
}

// underSystemd reports whether the machine was started to have systemd as process 1.
func underSystemd() bool {
	words, _ := os.ReadFile("/proc/cmdline")
	return slices.Contains(strings.Fields(string(words)), guestapi.SystemdWord)
}

// giveWay starts the agent and makes this process systemd, which finds the devices there;
// it returns when that did not work.
func giveWay() error {
	if _, err := startAgent(); err != nil {
		return err
	}
	return unix.Exec("/lib/systemd/systemd", []string{"systemd"}, standardEnv)
}

func startAgent() (*os.Process, error) {
	files := []*os.File{os.Stdin, os.Stdout, os.Stderr}
	return os.StartProcess("/init", []string{"podium-guest"}, &os.ProcAttr{Env: standardEnv, Files: files})
}

func bringUp() error {
	if err := mountAll(); err != nil {
		return err
	}
	for _, module := range [][]string{
		{"virtio_pci"}, {"virtio_console"}, {"configfs"}, {"gpio-sim"},
		{"vivid", "n_devs=1", "node_types=0x1"},
		{"snd-aloop", "pcm_substreams=2"},
	} {
		if err := runTool("modprobe", module...); err != nil {
			return err
		}
	}
	if err := runTool("ip", "link", "set", "lo", "up"); err != nil {
		return err
	}
	if err := unix.Mount("configfs", "/sys/kernel/config", "configfs", 0, ""); err != nil {
		return fmt.Errorf("cannot mount configfs: %w", err)
	}
	return makeHeader()
}

func mountAll() error {
	for _, m := range []struct{ what, where, options string }{
		{"proc", "/proc", ""}, {"sysfs", "/sys", ""}, {"devtmpfs", "/dev", ""},
		{"tmpfs", "/run", "mode=0755"}, {"tmpfs", "/tmp", ""},
		{"devpts", "/dev/pts", "ptmxmode=0666"}, {"tmpfs", "/dev/shm", ""},
	} {
		if err := os.MkdirAll(m.where, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(m.what, m.where, m.what, 0, m.options); err != nil {
			return fmt.Errorf("cannot mount %s: %w", m.where, err)
		}
	}
	return nil
}

// superviseAgent starts this program again as an ordinary process and buries
// every process that is left to process 1 until the agent is among the dead.
func superviseAgent() (int, error) {
	startShell()
	agent, err := startAgent()
	if err != nil {
		return 0, err
	}
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		if err != nil && err != unix.EINTR {
			return 0, err
		}
		if pid == agent.Pid {
			return status.ExitStatus(), nil
		}
	}
}

// startShell gives a shell on the virtio console, when the machine has one.
func startShell() {
	console, err := os.OpenFile("/dev/hvc0", os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer console.Close()
	_, err = os.StartProcess("/bin/bash", []string{"-bash"}, &os.ProcAttr{
		Env: standardEnv, Dir: "/root", Files: []*os.File{console, console, console},
		Sys: &unix.SysProcAttr{Setsid: true, Setctty: true},
	})
	if err != nil {
		fmt.Println("guest: cannot start the shell:", err)
	}
}

func runTool(name string, args ...string) error {
	path := "/sbin/" + name
	cmd := exec.Command(path, args...)
	cmd.Env = standardEnv
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
