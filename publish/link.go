package publish

import (
	"slices"
	"strings"

	"github.com/pion/webrtc/v4"
)

// mostServers is how many ICE servers of an answer are used.
const mostServers = 8

// iceServers reads the Link headers of an answer (RFC 8288; RFC 9725, section
// 4.6) and gives the STUN and TURN servers among them.
func iceServers(headers []string) []webrtc.ICEServer {
	var servers []webrtc.ICEServer
	for _, header := range headers {
		for header != "" && len(servers) < mostServers {
			var l link
			l, header = nextLink(header)
			if server, ok := l.iceServer(); ok {
				servers = append(servers, server)
			}
		}
	}
	return servers
}

// link is one entry of a Link header.
type link struct {
	target string
	params map[string]string // by lower-case name
}

func (l link) iceServer() (webrtc.ICEServer, bool) {
	scheme, _, _ := strings.Cut(strings.ToLower(l.target), ":")
	relations := strings.Fields(strings.ToLower(l.params["rel"]))
	if !slices.Contains([]string{"stun", "stuns", "turn", "turns"}, scheme) || !slices.Contains(relations, "ice-server") {
		return webrtc.ICEServer{}, false
	}
	server := webrtc.ICEServer{URLs: []string{l.target}}
	if strings.HasPrefix(scheme, "turn") {
		kind := l.params["credential-type"]
		if l.params["username"] == "" || l.params["credential"] == "" || kind != "" && kind != "password" {
			return webrtc.ICEServer{}, false
		}
		server.Username, server.Credential = l.params["username"], l.params["credential"]
	}
	return server, true
}

// nextLink takes the first entry off a header. It takes at least one byte, and
// of an entry without a target only the way to the next.
func nextLink(s string) (link, string) {
	l := link{params: map[string]string{}}
	s = strings.TrimLeft(s, " \t,")
	if !strings.HasPrefix(s, "<") {
		_, rest, _ := strings.Cut(s, ",")
		return l, rest
	}
	target, rest, closed := strings.Cut(s[1:], ">")
	if !closed {
		return l, ""
	}
	l.target, s = strings.TrimSpace(target), rest
	for {
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, ";") {
			_, rest, _ := strings.Cut(s, ",")
			return l, rest
		}
		var name, value string
		name, value, s = nextParam(s[1:])
		if _, twice := l.params[name]; !twice && name != "" {
			l.params[name] = value
		}
	}
}

// nextParam takes "name", "name=token" or `name="quoted"` off s.
func nextParam(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.ToLower(strings.TrimSpace(s)), "", ""
	}
	name = strings.ToLower(strings.TrimSpace(s[:end]))
	if s[end] != '=' {
		return name, "", s[end:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = quoted(s[1:])
		return name, value, rest
	}
	end = strings.IndexAny(s, ";,")
	if end < 0 {
		end = len(s)
	}
	return name, strings.TrimSpace(s[:end]), s[end:]
}

// quoted reads a quoted-string (RFC 9110, section 5.6.4) after its first quote.
func quoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}
