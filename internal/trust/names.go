package trust

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
)

// NamesOf gives what this machine is called, and what it is called besides: host
// names or addresses from the configuration, empty ones passed over.
func NamesOf(besides ...string) Names {
	n := Names{Needed: []string{"localhost", "127.0.0.1", "::1"}}
	if host, err := os.Hostname(); err == nil {
		n.need(host)
		if !strings.Contains(host, ".") {
			n.need(host + ".local") // as multicast DNS has it (RFC 6762)
		}
	}
	for _, name := range besides {
		n.need(name)
	}
	addresses, _ := net.InterfaceAddrs() // without them the names remain
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		switch {
		case !ok || !network.IP.IsGlobalUnicast():
		case network.IP.To4() != nil:
			n.need(network.IP.String())
		default: // IPv6 addresses for privacy change by the day
			n.Welcome = append(n.Welcome, network.IP.String())
		}
	}
	return n
}

// need adds a name that a certificate can hold.
func (n *Names) need(name string) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if ip := net.ParseIP(name); ip != nil && ip.IsUnspecified() {
		return
	}
	if name == "" || slices.Contains(n.Needed, name) || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return
	}
	n.Needed = append(n.Needed, name)
}

// bareError takes the path out of err: the message around it names it already.
func bareError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
