//go:build faults

package faults

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// namespace is a network of its own, with mounts of its own. It is not named: the
// kernel takes it down with the last process in it and the thread that made it,
// however the test ends, so there is nothing to remove.
type namespace struct {
	work chan func()
}

// newNamespace makes a network with its loopback up. The test's end takes it down.
func newNamespace(t *testing.T) *namespace {
	t.Helper()
	n := &namespace{work: make(chan func())}
	made := make(chan error)
	go n.thread(made)
	if err := <-made; err != nil {
		t.Fatalf("cannot make a network namespace: %v", err)
	}
	t.Cleanup(func() { close(n.work) })
	n.ip(t, "link set lo up")
	return n
}

// thread is the one thread that lives in the namespace. It is never unlocked, so
// that it ends with its goroutine and nobody else gets to run in there.
func (n *namespace) thread(made chan<- error) {
	runtime.LockOSThread()
	err := unix.Unshare(unix.CLONE_NEWNET | unix.CLONE_NEWNS)
	if err == nil { // what is mounted inside stays inside
		err = unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
	}
	made <- err
	for job := range n.work {
		job()
	}
}

// do runs f inside.
func (n *namespace) do(f func()) {
	done := make(chan struct{})
	n.work <- func() { defer close(done); f() }
	<-done
}

// ip runs the command of iproute2 inside.
func (n *namespace) ip(t *testing.T, args string) {
	t.Helper()
	if err := n.run("ip " + args); err != nil {
		t.Fatal(err)
	}
}

// run runs a command inside.
func (n *namespace) run(command string) error {
	words := strings.Fields(command)
	cmd := exec.Command(words[0], words[1:]...)
	var out []byte
	var err error
	n.do(func() { out, err = cmd.CombinedOutput() })
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, out)
	}
	return nil
}

// start starts a process inside. It does not outlive the test.
func (n *namespace) start(cmd *exec.Cmd) (err error) {
	cmd.SysProcAttr = &unix.SysProcAttr{Pdeathsig: unix.SIGKILL}
	n.do(func() { err = cmd.Start() })
	return err
}

// disk mounts a small disk inside, over a folder.
func (n *namespace) disk(t *testing.T, folder string, kilobytes int) {
	t.Helper()
	var err error
	n.do(func() {
		err = unix.Mount("faults", folder, "tmpfs", 0, fmt.Sprintf("size=%dk,mode=0700", kilobytes))
	})
	if err != nil {
		t.Fatalf("cannot mount a small disk: %v", err)
	}
}

// dial connects from inside.
func (n *namespace) dial(ctx context.Context, address string) (conn net.Conn, err error) {
	n.do(func() { conn, err = (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp4", address) })
	return conn, err
}

// listenUDP opens a socket inside.
func (n *namespace) listenUDP(ip string) (conn *net.UDPConn, err error) {
	n.do(func() { conn, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(ip)}) })
	return conn, err
}

// listenTCP opens a socket inside.
func (n *namespace) listenTCP(ip string) (l net.Listener, err error) {
	n.do(func() { l, err = net.Listen("tcp4", net.JoinHostPort(ip, "0")) })
	return l, err
}

// tun makes a network device inside whose packets are read and written here.
func (n *namespace) tun(t *testing.T, address string) *os.File {
	t.Helper()
	var device *os.File
	var err error
	n.do(func() { device, err = openTUN("link0") })
	if err != nil {
		t.Fatal(err)
	}
	n.ip(t, "link set link0 addrgenmode none")
	n.ip(t, "addr add "+address+"/24 dev link0")
	n.ip(t, "link set link0 up")
	return device
}

func openTUN(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("cannot open /dev/net/tun: %w (modprobe tun; in a container, give it the device)", err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("cannot make the TUN device %s: %w", name, err)
	}
	return os.NewFile(uintptr(fd), name), nil // after TUNSETIFF: before it, it cannot be polled
}

// proxy gives the rest of the test an address for one inside, "http://127.0.0.1:N".
func (n *namespace) proxy(t *testing.T, address string) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{inside: n, address: address, conns: map[net.Conn]struct{}{}}
	p.work.Go(func() { p.accept(listener) })
	t.Cleanup(func() {
		_ = listener.Close()
		p.close()
	})
	return "http://" + listener.Addr().String()
}
