package service

import (
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"podium/config"
	"podium/internal/trust"
)

// openCertificate reads the stage's certificate, making it before when it is to
// be self-made; nil: the stage serves plain HTTP.
func openCertificate(c config.Stage, log *slog.Logger) (*trust.Files, error) {
	if c.TLS.CertFile == "" {
		warnOfPlainStage(c, log)
		return nil, nil //nolint:nilnil // no certificate is wanted
	}
	if c.TLS.SelfSigned {
		made, err := trust.Make(c.TLS.CertFile, c.TLS.KeyFile, namesOf(c), time.Now())
		if err != nil {
			return nil, err
		}
		if made {
			log.Info("certificate made", "file", c.TLS.CertFile)
		}
	}
	cert, err := trust.Open(c.TLS.CertFile, c.TLS.KeyFile, log.With("part", "tls"))
	if err != nil {
		return nil, err
	}
	log.Info("podiums can pin this stage (key serverFingerprint)", "fingerprint", cert.Fingerprint(), "selfSigned", c.TLS.SelfSigned)
	return cert, nil
}

// namesOf gives what a self-made certificate holds for.
func namesOf(c config.Stage) trust.Names {
	besides := append([]string{}, c.Announce...)
	if u, err := url.Parse(c.PublicURL); err == nil {
		besides = append(besides, u.Hostname())
	}
	if host, _, err := net.SplitHostPort(c.Listen); err == nil {
		besides = append(besides, host)
	}
	return trust.NamesOf(besides...)
}

// warnOfPlainStage tells that tokens come in the clear, where nothing says that
// a proxy has taken the TLS off, or that it is only about this machine.
func warnOfPlainStage(c config.Stage, log *slog.Logger) {
	host, _, _ := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); (ip != nil && ip.IsLoopback()) || host == "localhost" || strings.HasPrefix(c.PublicURL, "https://") {
		return
	}
	log.Warn("no TLS: tokens, and what is said about media, go in the clear (key tls.selfSigned, or tls.certFile and tls.keyFile)")
}

// warnOfPodium tells what of a podium's configuration lets others in.
func warnOfPodium(c config.Podium, loopback bool, log *slog.Logger) {
	if strings.HasPrefix(c.Server, "http://") && !loopback {
		log.Warn("the connection to the stage has no TLS: whoever is on the way can read the token and change what is said (key server: give https)", "server", c.Server)
	}
	if _, loose, err := config.ReadTokenFile(c.TokenFile); err == nil && loose != "" {
		log.Warn("the token is not kept well: "+loose, "file", c.TokenFile)
	}
}

// advised is an error's sentence with what may help.
func advised(err error) string {
	if advice := trust.Advice(err); advice != "" {
		return err.Error() + "; " + advice
	}
	return err.Error()
}
