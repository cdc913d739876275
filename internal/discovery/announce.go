package discovery

import (
	"context"
	"errors"
	"fmt"
	"io"
	golog "log"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/mdns"
)

// Service is the type that stages are found by (RFC 6763, section 7).
const Service = "_podium-stage._tcp"

// secure is said by a stage with TLS.
const secure = "tls=1"

// retry is how long it takes until an announcement is tried again, as on a machine whose
// network comes later.
const retry = 30 * time.Second

// Stage is what is announced.
type Stage struct {
	Port int
	TLS  bool
	On   *net.Interface // nil: those of the machine
	IPs  []net.IP       // nil: those of the machine, looked up at each question
}

// Announce answers who asks for stages, until the context ends.
func Announce(ctx context.Context, s Stage, log *slog.Logger) {
	told := false
	for {
		server, err := s.serve()
		if err == nil {
			log.Info("podiums find this stage by multicast DNS", "service", Service, "port", s.Port)
			<-ctx.Done()
			_ = server.Shutdown()
			return
		}
		if !told {
			log.Info("cannot be found by multicast DNS yet", "err", err)
			told = true
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(retry):
		}
	}
}

func (s Stage) serve() (*mdns.Server, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	host, _, _ = strings.Cut(host, ".")
	ips := s.IPs
	if ips == nil {
		if ips, err = own(); err != nil {
			return nil, err
		}
	}
	text := []string{"path=/console"}
	if s.TLS {
		text = append(text, secure)
	}
	zone, err := mdns.NewMDNSService("Podium stage on "+host, Service, "", host+".local.", s.Port, ips, text)
	if err != nil {
		return nil, fmt.Errorf("cannot describe the stage: %w", err)
	}
	return mdns.NewServer(&mdns.Config{Zone: zone, Iface: s.On, Logger: golog.New(io.Discard, "", 0)})
}

// own gives the machine's addresses that others can reach.
func own() (ips []net.IP, err error) {
	all, err := net.InterfaceAddrs()
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			ips = append(ips, n.IP)
		}
	}
	if err == nil && len(ips) == 0 {
		err = errors.New("this machine has no address that others can reach")
	}
	return ips, err
}
