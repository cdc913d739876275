package config

import (
	"crypto/tls"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"podium/internal/secret"
)

// Stage is a checked stage.yaml.
type Stage struct {
	Listen       string   // TCP address of pages, WebSocket and REST, host:port
	Discoverable bool     // by multicast DNS
	MediaListen  string   // UDP address of all media, IP:port
	Announce     []string // IP addresses offered for media instead of the local ones
	PublicURL    string   // base URL that users see, without a final slash; empty: from the request
	KeyFile      string   // path of the file with the HS256 key
	Key          []byte   // what KeyFile held, at least MinKey bytes
	Store        string   // path of the file that keeps the meetings; None: they are kept in memory
	Lease        time.Duration
	TLS          TLS
	Origins      []string // browser origins allowed besides the server's own
	Limits       Limits
	Log          slog.Level
}

// TLS names certificate and key; both empty: plain HTTP.
type TLS struct {
	CertFile, KeyFile string // PEM
	// SelfSigned tells that the stage makes both where they are missing. They lie
	// beside the store, or beside the configuration when there is no store.
	SelfSigned bool
}

// Limits bound what there may be at once. An address is not a person: behind one
// there may be a hall.
type Limits struct {
	Connections               int // TCP, in all
	ConnectionsPerAddress     int // an IPv4 address, or an IPv6 /64
	ConnectionsPerParticipant int // WebSockets of a userId
	WatchesPerParticipant     int // speakers that a userId watches
}

// DefaultStage returns what an empty stage.yaml means; Key is still empty.
func DefaultStage() Stage {
	return Stage{
		Listen:       "0.0.0.0:8080",
		Discoverable: true,
		MediaListen:  "0.0.0.0:8189",
		KeyFile:      "stage.key",
		Store:        "stage.db",
		Lease:        5 * time.Second,
		Limits: Limits{
			Connections: 30_000, ConnectionsPerAddress: 15_000,
			ConnectionsPerParticipant: 64, WatchesPerParticipant: 32,
		},
	}
}

// LoadStage reads path, lets the environment override it, checks it and reads
// the key. An empty path means no file: the defaults and the environment alone.
// Errors are *Error, several of them joined.
func LoadStage(path string) (Stage, error) {
	s := DefaultStage()
	found, err := load(path, stageSchema(&s))
	if err != nil {
		return Stage{}, err
	}
	if err := s.check(found); err != nil {
		return Stage{}, err
	}
	return s, nil
}

// stageSchema is the table of stage.yaml, bound to s.
func stageSchema(s *Stage) schema {
	return schema{
		title: "The stage server's configuration (podium stage --config FILE).",
		settings: []setting{
			text("listen", &s.Listen, isListen, "Where pages, WebSocket and REST are served, host:port (TCP)."),
			text("mediaListen", &s.MediaListen, isMediaListen, "Where all media arrives and leaves, IP:port (UDP)."),
			list("announce", &s.Announce, isIP, "IP addresses offered for media instead of the local ones, for a server behind NAT."),
			text("publicURL", &s.PublicURL, isURLOrEmpty, "The address users type, when a proxy stands in front. Empty: taken from the request."),
			text("keyFile", &s.KeyFile, notEmpty("name the file that holds the key"),
				"The file with the key that signs tokens (HS256, at least 32 bytes). A name without / is a systemd credential, or a file beside this one."),
			text("store", &s.Store, notEmpty("name the file, or none"),
				"The file that keeps the meetings over a restart: settings, who waits or is on stage, the record. Made if missing; a relative name stands beside this file. none: in memory."),
			span("lease", &s.Lease, time.Second, time.Minute, "How long a podium that is not heard stays on stage"),
			text("tls.certFile", &s.TLS.CertFile, isAnything, "Certificate chain, PEM. Empty: plain HTTP, or selfSigned. Renewed files are taken up without a restart."),
			text("tls.keyFile", &s.TLS.KeyFile, isAnything, "The certificate's private key, PEM."),
			yesNo("tls.selfSigned", &s.TLS.SelfSigned,
				"true: the stage makes a certificate for itself and keeps it beside the store. Podiums pin it (podium fingerprint prints what they need); browsers ask once."),
			yesNo("discoverable", &s.Discoverable, "Whether podiums that are enrolled find this stage on the local network (multicast DNS). One that listens on this machine alone is not announced."),
			list("origins", &s.Origins, isOrigin, "Web origins besides the server's own whose pages may connect, such as https://hall.example.org."),
			number("limits.connections", &s.Limits.Connections, 16, 1_000_000, "Connections from everywhere"),
			number("limits.connectionsPerAddress", &s.Limits.ConnectionsPerAddress, 16, 1_000_000,
				"A hall behind one NAT is one address, and so is everybody behind a proxy: lower this only where participants have addresses of their own. Connections from one IPv4 address, or one IPv6 /64"),
			number("limits.connectionsPerParticipant", &s.Limits.ConnectionsPerParticipant, 2, 1_000_000,
				"Raise this when one token is given to many, such as a link to the watch page. WebSockets of one participant"),
			number("limits.watchesPerParticipant", &s.Limits.WatchesPerParticipant, 1, 10_000, "Raise this too when one token is given to many. Speakers that one participant watches"),
			level("log", &s.Log, "How much is logged: debug, info, warn or error."),
		},
		sections: map[string]string{
			"tls":    "HTTPS by the server itself. Leave it out behind a proxy that does it.",
			"limits": "How much there may be at once. What is too much is answered 429 or 503, with Retry-After.",
		},
	}
}

// check settles paths and reads what the keys name.
func (s *Stage) check(found places) error {
	var bad faults
	s.PublicURL = strings.TrimRight(s.PublicURL, "/")
	s.KeyFile = found.path("keyFile", s.KeyFile)
	key, err := ReadKey(s.KeyFile)
	if err != nil {
		bad.add(found.fail("keyFile", "%v", err))
	}
	s.Key = key
	if s.Store != None {
		s.Store = found.beside("store", s.Store)
	}
	bad.add(s.TLS.check(found, s.Store))
	return bad.join()
}

func (t *TLS) check(found places, store string) error {
	switch {
	case t.SelfSigned && t.CertFile+t.KeyFile != "":
		return found.fail("tls.selfSigned", "is true, and a certificate is given too; give either")
	case t.SelfSigned:
		t.keepBeside(found, store)
		return nil
	case t.CertFile == "" && t.KeyFile == "":
		return nil
	case t.CertFile == "":
		return found.fail("tls.keyFile", "is given without tls.certFile; give both or neither")
	case t.KeyFile == "":
		return found.fail("tls.certFile", "is given without tls.keyFile; give both or neither")
	}
	t.CertFile = found.path("tls.certFile", t.CertFile)
	t.KeyFile = found.path("tls.keyFile", t.KeyFile)
	if _, err := secret.ReadKey(t.KeyFile); err != nil {
		return found.fail("tls.keyFile", "cannot use the key %s: %v", t.KeyFile, err)
	}
	if _, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile); err != nil {
		return found.fail("tls.certFile", "cannot use the certificate with tls.keyFile: %v", err)
	}
	return nil
}

// keepBeside names the files of a self-made certificate after the store, as
// stage.tls.key beside stage.db: the folder that the service may write to.
func (t *TLS) keepBeside(found places, store string) {
	at := store
	if store == None {
		at = found.beside("store", "stage.yaml")
	}
	at = strings.TrimSuffix(at, filepath.Ext(at))
	t.CertFile, t.KeyFile = at+".tls.crt", at+".tls.key"
}
