package discovery

import (
	"context"
	"io"
	"log"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/mdns"
)

// wait is how long answers are waited for.
const wait = 3 * time.Second

// Find asks the local network for stages, and gives their addresses. It takes 3 s.
func Find(ctx context.Context, on *net.Interface) ([]string, error) {
	answers := make(chan *mdns.ServiceEntry, 64)
	err := mdns.QueryContext(ctx, &mdns.QueryParam{
		Service: Service, Domain: "local", Timeout: wait, Interface: on, Entries: answers, DisableIPv6: true,
		Logger: log.New(io.Discard, "", 0),
	})
	close(answers)
	var found []string
	for a := range answers {
		if at := address(a); at != "" && !slices.Contains(found, at) {
			found = append(found, at)
		}
	}
	slices.Sort(found)
	return found, err
}

// address gives a stage's URL; empty: the answer is not of use.
func address(a *mdns.ServiceEntry) string {
	ip := a.AddrV4
	if ip == nil && a.AddrV6IPAddr != nil {
		ip = a.AddrV6IPAddr.IP
	}
	if ip == nil || a.Port < 1 || a.Port > 65535 {
		return ""
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(ip.String(), strconv.Itoa(a.Port))}
	if slices.Contains(a.InfoFields, secure) {
		u.Scheme = "https"
	}
	return u.String()
}
