package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// maxSocketPath is the longest path of a unix socket on Linux (unix(7):
// sun_path has 108 bytes, one of them for the closing zero).
const maxSocketPath = 107

func isAnything(string) error { return nil }

// isBaseURL wants http or https, a host, and nothing behind the path.
func isBaseURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return fmt.Errorf("%q is not a web address; give one such as https://stage.example.org", s)
	}
	if u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q holds more than scheme, host and path; leave out ?, # and user@", u.Redacted())
	}
	return validPort(u.Port(), 1)
}

// isOrigin wants what a browser sends as Origin: scheme, host and port alone
// (RFC 6454, section 6.2).
func isOrigin(s string) error {
	if err := isBaseURL(s); err != nil {
		return err
	}
	if u, _ := url.Parse(s); u.Path != "" {
		return fmt.Errorf("%q has a path; an origin is scheme and host alone, such as https://hall.example.org", s)
	}
	return nil
}

// isURLOrEmpty allows the empty text.
func isURLOrEmpty(s string) error {
	if s == "" {
		return nil
	}
	return isBaseURL(s)
}

// isListen wants host:port; port 0 takes a free one.
func isListen(s string) error {
	_, port, err := net.SplitHostPort(s)
	if err != nil || port == "" {
		return fmt.Errorf("%q is not an address to listen at; give host:port, such as 0.0.0.0:8080", s)
	}
	return validPort(port, 0)
}

// isListenOrNone takes "none", too.
func isListenOrNone(s string) error {
	if s == None {
		return nil
	}
	return isListen(s)
}

// isBroker wants an MQTT URL, or none.
func isBroker(s string) error {
	if s == None {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "mqtt" && u.Scheme != "mqtts") || u.Hostname() == "" {
		return fmt.Errorf("%q is no broker; give one such as mqtts://broker.example:8883", s)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return fmt.Errorf("%q holds more than scheme, host and port; user and password have keys of their own", u.Redacted())
	}
	return validPort(u.Port(), 1)
}

// isTopic wants the beginning of a topic to publish at (MQTT 5.0, section 4.7).
func isTopic(s string) error {
	if s == "" || strings.ContainsAny(s, "+#\x00") || strings.HasPrefix(s, "$") || strings.HasSuffix(s, "/") {
		return fmt.Errorf("%q is no topic to publish at; give one such as podium, without +, # and a / at its end", s)
	}
	return nil
}

// isMediaListen wants IP:port; media addresses are offered as they stand.
func isMediaListen(s string) error {
	if err := isListen(s); err != nil {
		return err
	}
	if host, _, _ := net.SplitHostPort(s); host != "" {
		return isIP(host)
	}
	return nil
}

func isIP(s string) error {
	if _, err := netip.ParseAddr(s); err != nil {
		return fmt.Errorf("%q is not an IP address; give one such as 192.0.2.10", s)
	}
	return nil
}

func validPort(port string, low int) error {
	if port == "" {
		return nil
	}
	if n, err := strconv.Atoi(port); err != nil || n < low || n > 65535 {
		return fmt.Errorf("%q is not a port; give %d to 65535", port, low)
	}
	return nil
}

func isSocket(s string) error {
	if len(s) > maxSocketPath {
		return fmt.Errorf("the path is %d bytes long, a unix socket's may have %d; choose a shorter folder", len(s), maxSocketPath)
	}
	if !filepath.IsAbs(s) {
		return fmt.Errorf("%q does not start with /; give the whole path", s)
	}
	return nil
}

// isLine wants the name of a GPIO line.
func isLine(s string) error {
	if strings.TrimSpace(s) == "" || strings.ContainsAny(s, " \t\n/") {
		return fmt.Errorf("%q is not a line's name; give one such as GPIO17, or none (gpioinfo lists them)", s)
	}
	return nil
}

// isCamera wants auto, none, test or the path of a device.
func isCamera(s string) error {
	if s == Auto || s == None || isTest(s) || filepath.IsAbs(s) {
		return nil
	}
	return fmt.Errorf("%q is neither auto, none, test nor a path; give one such as /dev/video0", s)
}

// isMicrophone wants auto, none, test or an ALSA card.
func isMicrophone(s string) error {
	if s == "" || strings.ContainsAny(s, " \t\n") {
		return fmt.Errorf("%q is not a microphone; give auto, none, test or an ALSA card such as hw:Mic,0", s)
	}
	return nil
}

// isTest knows the built-in picture and sound of package capture.
func isTest(s string) bool { return s == "test" || strings.HasPrefix(s, "test:") }
