package server

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/gorilla/websocket"

	"podium/stage"
)

// FuzzConn has one participant send messages, one a line. Each with an id is
// answered once and with that id; one that is refused changes nothing; and no
// message puts anybody else on stage, whoever sends it.
func FuzzConn(f *testing.F) {
	presets := []string{"viewer", "podium", "panelist", "host"}
	for i := range presets {
		f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"meeting.join"}
{"jsonrpc":"2.0","id":"a","method":"stage.requestAccess","params":{}}
{"jsonrpc":"2.0","id":2,"method":"stage.join"}
{"jsonrpc":"2.0","id":3,"method":"stage.grantAccess","params":{"userIds":["ann","kim"]}}
{"jsonrpc":"2.0","method":"stage.kick","params":{"userIds":["pat"]}}
{"jsonrpc":"2.0","id":4,"method":"meeting.updateSettings","params":{"mode":"open"}}
{"jsonrpc":"2.0","id":5,"method":"stage.leave"}
{"jsonrpc":"2.0","id":6,"method":"meeting.leave"}`), byte(i))
		f.Add([]byte("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"meeting.join\"}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stage.setPriority\",\"params\":{\"held\":true}}\n[]\n\xff"), byte(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, preset byte) {
		h := openFuzzHall(t)
		defer h.close()
		c := &conn{
			server: h.server, meeting: h.meeting, peerID: "peer-kim", base: "http://hall.example", limit: callRate.Limiter(),
			claims: Claims{Name: "kim", Meeting: "hall", Preset: stage.Presets[presets[int(preset)%len(presets)]]},
			out:    outbox{limit: outboundBytes, writing: true}, // nobody writes: what is sent stays to be read
		}
		c.claims.Subject = "kim"
		lines := bytes.Split(data, []byte("\n"))
		for _, message := range lines[:min(len(lines), 32)] {
			h.oneMessage(t, c, message)
		}
		h.meeting.lost(c)
	})
}

func (h *fuzzHall) oneMessage(t *testing.T, c *conn, message []byte) {
	t.Helper()
	state, on := h.state(), h.onStage()
	c.handle(websocket.TextMessage, message)
	after := h.state() // settled: all that the message told is in the outbox
	request, bad := parseRequest(message)
	answers, refused := sentTo(t, c)
	wanted := 1
	if bad == nil && request.ID == nil {
		wanted = 0
	}
	if len(answers) != wanted {
		t.Errorf("%q is answered %q", message, answers)
	}
	if wanted == 1 && len(answers) == 1 && !sameID(answers[0], request.ID) {
		t.Errorf("%q is answered with the id %s", message, answers[0])
	}
	if (bad != nil || refused) && after != state {
		t.Errorf("%q is refused, and changes\n%s to\n%s", message, state, after)
	}
	for user, is := range h.onStage() {
		if is && !on[user] && (user != "kim" || request.Method != stage.Join) {
			t.Errorf("%q puts %s on stage", message, user)
		}
	}
}

// sentTo takes what was sent to c: the ids of the answers, and whether one of
// them is a refusal.
func sentTo(t *testing.T, c *conn) (ids []json.RawMessage, refused bool) {
	t.Helper()
	c.out.mu.Lock()
	whole := bytes.Join(c.out.pieces, nil)
	c.out.pieces, c.out.bytes = nil, 0
	c.out.mu.Unlock()
	for len(whole) > 0 {
		var payload []byte
		payload, whole = unframe(t, whole)
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Error  *rpcError       `json:"error"`
		}
		if err := json.Unmarshal(payload, &m); err != nil {
			t.Fatalf("sent %q: %v", payload, err)
		}
		if m.Method == "" {
			ids, refused = append(ids, m.ID), refused || m.Error != nil
		}
	}
	return ids, refused
}

// unframe takes one text frame off, as a client does (RFC 6455, section 5.2).
func unframe(t *testing.T, b []byte) (payload, rest []byte) {
	t.Helper()
	if len(b) < 2 || b[0] != final|opText {
		t.Fatalf("sent %q, which is no text frame", b)
	}
	head, length := 2, int(b[1])
	switch length {
	case 126:
		head, length = 4, int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		head, length = 10, int(binary.BigEndian.Uint64(b[2:]))
	}
	return b[head : head+length], b[head+length:]
}

// sameID compares an id with its echo; an id that could not be read is null.
func sameID(got, want json.RawMessage) bool {
	if want == nil {
		want = json.RawMessage("null")
	}
	if string(got) == "null" || got == nil {
		return string(want) == "null"
	}
	var a, b bytes.Buffer
	return json.Compact(&a, got) == nil && json.Compact(&b, want) == nil && a.String() == escaped(b.Bytes())
}

// escaped is how encoding/json writes a raw message on.
func escaped(raw []byte) string {
	var b bytes.Buffer
	json.HTMLEscape(&b, raw)
	return b.String()
}
