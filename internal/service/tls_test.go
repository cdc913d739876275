package service

import (
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/appliance"
	"podium/control"
	"podium/hw/lamp"
	"podium/internal/fingerprint"
	"podium/internal/trust"
	"podium/stage"
)

// TestOnTheAirOverTLS goes on air by wss and https with a self-made certificate
// that is pinned; no secret stands in what was logged.
func TestOnTheAirOverTLS(t *testing.T) {
	s := newSecure(t)
	stopStage := s.runStage()
	stopPodium := s.runPodium(s.pinned())
	s.ask()
	p := s.until("on air", func(p appliance.Status) bool { return p.OnAir && p.Media.Packets > 0 })
	if len(p.Faults) > 0 {
		t.Errorf("faults %+v", p.Faults)
	}
	s.overHTTP2()
	if err := s.panel.Press(t.Context(), control.Press{Button: appliance.ButtonCancel}); err != nil {
		t.Fatal(err)
	}
	s.until("off", func(p appliance.Status) bool { return p.Status == stage.OffStage && !p.OnAir })
	stopPodium()
	stopStage()
	var whip []string
	for _, r := range s.requests() {
		if method, path, _ := strings.Cut(r, " "); strings.HasPrefix(path, "/v1/whip/"+demoMeeting) {
			whip = append(whip, method)
		}
	}
	if s.plain > 0 || !slices.Equal(whip, []string{http.MethodPost, http.MethodDelete}) {
		t.Errorf("%d requests without TLS; WHIP %v", s.plain, whip)
	}
	s.noSecretIn(s.log.String())
}

// overHTTP2 asks by HTTP/2 while the podium's WebSocket is up.
func (s *secure) overHTTP2() {
	s.t.Helper()
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url()+"/healthz", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusOK || answer.TLS.Version != tls.VersionTLS13 {
		s.t.Errorf("%s %d, TLS %x", answer.Proto, answer.StatusCode, answer.TLS.Version)
	}
}

// noSecretIn looks for the server's key, the private key of its certificate, and
// every token that was made or sent, publish tokens included.
func (s *secure) noSecretIn(text string) {
	s.t.Helper()
	private, err := os.ReadFile(s.config.TLS.KeyFile)
	if err != nil {
		s.t.Fatal(err)
	}
	secrets := []string{string(s.config.Key)}
	for _, line := range strings.Split(string(private), "\n") {
		if line != "" && !strings.HasPrefix(line, "--") {
			secrets = append(secrets, line)
		}
	}
	ours := len(s.tokens)
	for _, token := range s.bearer {
		if !slices.Contains(secrets, token) {
			secrets = append(secrets, token)
		}
	}
	if !slices.Contains(secrets, s.tokens["podium"]) || !slices.Contains(secrets, s.tokens["host"]) || len(s.bearer) <= ours {
		s.t.Errorf("the tokens did not come by: %d", len(s.bearer))
	}
	for _, secret := range secrets {
		// A part of it is too much already.
		for _, part := range []string{secret, secret[len(secret)-min(20, len(secret)):]} {
			if at := strings.Index(text, part); at >= 0 {
				s.t.Errorf("a secret is logged: ...%s", text[max(0, at-200):at])
			}
		}
	}
	if !strings.Contains(text, "level=DEBUG") {
		s.t.Error("nothing was logged at all")
	}
}

// TestAnotherKeyIsRefused: nothing is said to such a server, no token either, and
// the status says what was expected and what came.
func TestAnotherKeyIsRefused(t *testing.T) {
	s := newSecure(t)
	s.runStage()
	wrong := fingerprint.Key{1, 2, 3}
	s.runPodium(wrong)
	p := s.until("refused", func(p appliance.Status) bool { return fault(p, appliance.PartServer) != "" })
	for _, part := range []string{"expected " + wrong.String(), "got " + s.pinned().String(), "podium fingerprint prints on the server"} {
		if text := fault(p, appliance.PartServer); !strings.Contains(text, part) {
			t.Errorf("the fault %q does not say %q", text, part)
		}
		if !strings.Contains(s.log.String(), part) {
			t.Errorf("the journal does not say %q", part)
		}
	}
	if p.Connected || p.Gate.Open || len(s.requests()) > 0 {
		t.Errorf("said %v to the wrong server; status %+v", s.requests(), p)
	}
}

// TestNoPinForASelfMadeCertificate: the system's authorities do not know it, and
// the status says what to do.
func TestNoPinForASelfMadeCertificate(t *testing.T) {
	s := newSecure(t)
	s.runStage()
	s.runPodium(fingerprint.Key{})
	p := s.until("refused", func(p appliance.Status) bool { return fault(p, appliance.PartServer) != "" })
	if text := fault(p, appliance.PartServer); !strings.Contains(text, "x509") || !strings.Contains(text, "serverFingerprint") {
		t.Errorf("fault %q", text)
	}
	if len(s.requests()) > 0 {
		t.Errorf("said %v to a server that nobody vouches for", s.requests())
	}
}

// TestAnotherKeyInTheMiddleOfATurn replaces the stage of a speaker on the air by
// one with another key: the turn ends with the lease, and when the right one is
// back, so is the podium.
func TestAnotherKeyInTheMiddleOfATurn(t *testing.T) {
	s := newSecure(t)
	stop := s.runStage()
	right := s.pinned()
	s.runPodium(right)
	s.ask()
	s.until("on air", func(p appliance.Status) bool { return p.OnAir })
	stop()
	kept, own := filepath.Join(t.TempDir(), "key"), s.config.TLS.KeyFile
	if err := os.Rename(own, kept); err != nil {
		t.Fatal(err)
	}
	stop = s.runStage()
	if s.pinned() == right {
		t.Fatal("the stage has the former key")
	}
	p := s.until("closed", func(p appliance.Status) bool {
		return !p.OnAir && !p.Gate.Open && fault(p, appliance.PartServer) != ""
	})
	if text := fault(p, appliance.PartServer); p.Connected || !strings.Contains(text, "got "+s.pinned().String()) {
		t.Errorf("fault %q, status %+v", text, p)
	}
	s.until("ended by the lease", func(p appliance.Status) bool {
		return p.Lamps.Red == lamp.Off && strings.Contains(p.Message, "nothing heard")
	})
	stop()
	if err := os.Rename(kept, own); err != nil {
		t.Fatal(err)
	}
	s.runStage()
	s.until("back", func(p appliance.Status) bool {
		return p.Connected && fault(p, appliance.PartServer) == "" && p.Status == stage.OffStage && !p.Gate.Open
	})
	s.ask()
	s.until("on air again", func(p appliance.Status) bool { return p.OnAir })
}

// TestPublishingWithoutTLSIsRefused: the publish token and the offer do not leave
// the protection that the pin gives.
func TestPublishingWithoutTLSIsRefused(t *testing.T) {
	s := newSecure(t)
	s.config.PublicURL = "http://" + s.config.Listen
	s.runStage()
	s.runPodium(s.pinned())
	s.ask()
	p := s.until("refused", func(p appliance.Status) bool { return fault(p, appliance.PartMedia) != "" })
	if text := fault(p, appliance.PartMedia); !strings.Contains(text, "this address has no TLS") || !strings.Contains(text, "publicURL") {
		t.Errorf("fault %q", text)
	}
}

// TestPublishingUnderAnotherName: the stage may call itself otherwise than the
// podium does; its key is the same.
func TestPublishingUnderAnotherName(t *testing.T) {
	s := newSecure(t)
	s.config.PublicURL = "https://localhost:" + strings.TrimPrefix(s.config.Listen, "127.0.0.1:")
	s.runStage()
	s.runPodium(s.pinned())
	s.ask()
	s.until("on air", func(p appliance.Status) bool { return p.OnAir && p.Media.Packets > 0 })
}

// TestRenewalOnTheAir renews the certificate of a speaker on the air: new
// connections get the new one, and the speaker notices nothing.
func TestRenewalOnTheAir(t *testing.T) {
	s := newSecure(t)
	if _, err := trust.Make(s.config.TLS.CertFile, s.config.TLS.KeyFile, trust.Names{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	s.config.TLS.SelfSigned = false // it is given, and somebody else renews it
	s.runStage()
	s.runPodium(s.pinned())
	s.ask()
	s.until("on air", func(p appliance.Status) bool { return p.OnAir && p.Media.Packets > 0 })
	if _, err := trust.Make(s.config.TLS.CertFile, s.config.TLS.KeyFile, trust.Names{Needed: []string{"renewed.example"}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	var renewed time.Time
	s.until("on air after the renewal", func(p appliance.Status) bool {
		if renewed.IsZero() && strings.Contains(s.log.String(), "certificate renewed") {
			renewed = time.Now()
		}
		return p.OnAir && !renewed.IsZero() && time.Since(renewed) > s.config.Lease // the lease was kept up by the old connection
	})
	cert, err := trust.Seen(t.Context(), s.url())
	if err != nil || !slices.Equal(cert.DNSNames, []string{"renewed.example"}) {
		t.Errorf("a new connection gets %v, %v", cert, err)
	}
	if text := s.log.String(); strings.Count(text, "certificate renewed") != 1 || strings.Contains(text, "connection lost") || strings.Contains(text, "publication lost") {
		t.Errorf("the log says %s", text)
	}
}
