package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage/server"
)

// Whatever is wrong with a message, it is answered with the right code and id,
// and the connection lives.
func TestBadMessages(t *testing.T) {
	h := openHouse(t)
	other := h.enter("other", "panelist")
	boss := h.enter("boss", "host")
	other.forget()
	for _, c := range []struct {
		name, text, id string
		code           int
	}{
		{"no JSON", `hello`, `null`, -32700},
		{"cut JSON", `{"jsonrpc":"2.0","id":1,"method":`, `null`, -32700},
		{"empty", ``, `null`, -32700},
		{"two objects", `{"jsonrpc":"2.0","id":1,"method":"x"}{}`, `null`, -32700},
		{"not UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"x\"}", `null`, -32700},
		{"deep", strings.Repeat("[", 20000), `null`, -32700},
		{"batch", `[{"jsonrpc":"2.0","id":1,"method":"stage.leave"}]`, `null`, -32600},
		{"empty batch", `[]`, `null`, -32600},
		{"null", `null`, `null`, -32600},
		{"a number", `7`, `null`, -32600},
		{"no version", `{"id":1,"method":"stage.leave"}`, `1`, -32600},
		{"version 1", `{"jsonrpc":"1.0","id":1,"method":"stage.leave"}`, `1`, -32600},
		{"version as a number", `{"jsonrpc":2.0,"id":1,"method":"stage.leave"}`, `1`, -32600},
		{"no method", `{"jsonrpc":"2.0","id":"a"}`, `"a"`, -32600},
		{"method null", `{"jsonrpc":"2.0","id":1,"method":null}`, `1`, -32600},
		{"method a number", `{"jsonrpc":"2.0","id":1,"method":7}`, `1`, -32600},
		{"id an object", `{"jsonrpc":"2.0","id":{},"method":"stage.leave"}`, `null`, -32600},
		{"id true", `{"jsonrpc":"2.0","id":true,"method":"stage.leave"}`, `null`, -32600},
		{"unknown method", `{"jsonrpc":"2.0","id":1,"method":"stage.fly"}`, `1`, -32601},
		{"method in another case", `{"jsonrpc":"2.0","id":1,"method":"Stage.Leave"}`, `1`, -32601},
		{"extra key beside", `{"jsonrpc":"2.0","id":1,"method":"meeting.join","params":{},"more":1}`, `1`, -32602},
		{"key in another case", `{"jsonrpc":"2.0","id":1,"method":"meeting.join","PARAMS":{}}`, `1`, -32602},
		{"params a list", `{"jsonrpc":"2.0","id":1,"method":"stage.leave","params":[]}`, `1`, -32602},
		{"params null", `{"jsonrpc":"2.0","id":1,"method":"stage.leave","params":null}`, `1`, -32602},
		{"params a string", `{"jsonrpc":"2.0","id":1,"method":"stage.kick","params":"ann"}`, `1`, -32602},
		{"no params", `{"jsonrpc":"2.0","id":1,"method":"stage.kick"}`, `1`, -32602},
	} {
		boss.send(c.text)
		f := boss.answer()
		if f.Error == nil || f.Error.Code != c.code || f.Error.Message == "" || string(f.ID) != rawID(c.id) {
			t.Errorf("%s: answered id %s, %+v; want %s, %d", c.name, f.ID, f.Error, c.id, c.code)
		}
	}
	boss.want("stage.getAccessRequests", nil)
	boss.wantOnly()
	other.wantOnly()
}

// rawID is how encoding/json hands a null on: as nothing.
func rawID(id string) string {
	var f frame
	_ = json.Unmarshal([]byte(`{"id":`+id+`}`), &f)
	return string(f.ID)
}

func TestBadParams(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	for _, method := range []string{"meeting.join", "meeting.leave", "stage.requestAccess", "stage.cancelRequestAccess",
		"stage.join", "stage.leave", "stage.publish", "stage.getAccessRequests"} {
		boss.refused(method, `{"more":1}`, -32602)
		boss.refused(method, `{"userIds":["boss"]}`, -32602)
	}
	for _, method := range []string{"stage.grantAccess", "stage.denyAccess", "stage.kick"} {
		for _, params := range []string{`{}`, `{"userIds":[]}`, `{"userIds":null}`, `{"userIds":"boss"}`, `{"userIds":[7]}`,
			`{"userIds":[""]}`, `{"userIds":["boss",null]}`, `{"userIds":["boss"],"more":1}`, `{"userids":["boss"]}`, `{"USERIDS":["boss"]}`} {
			boss.refused(method, params, -32602)
		}
	}
	boss.wantOnly()
}

// A call without an id is carried out, and not answered.
func TestCallWithoutAnID(t *testing.T) {
	pat := openHouse(t).enter("pat", "panelist")
	pat.send(`{"jsonrpc":"2.0","method":"stage.requestAccess"}`)
	pat.send(`{"jsonrpc":"2.0","method":"stage.fly"}`)
	pat.wantOnly("stageStatusUpdate")
	pat.want("stage.join", nil)
}

func TestBinaryMessage(t *testing.T) {
	pat := openHouse(t).enter("pat", "panelist")
	if err := pat.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"stage.leave"}`)); err != nil {
		t.Fatal(err)
	}
	if f := pat.answer(); f.Error == nil || f.Error.Code != -32600 {
		t.Errorf("answered %+v", f)
	}
	pat.want("stage.requestAccess", nil)
}

// 64 KiB are taken; one byte more, and a whole megabyte, close with 1009, which
// the sender gets to see. Nobody else does.
func TestLargeMessages(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	largest := `{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("x", 64<<10-len(`{"jsonrpc":"2.0","id":1,"method":""}`)) + `"}`
	pat := h.enter("pat", "panelist")
	pat.send(largest)
	if f := pat.answer(); f.Error == nil || f.Error.Code != -32601 || len(f.Error.Message) > 1000 {
		t.Errorf("64 KiB are answered %+v", f)
	}
	boss.forget()
	for _, size := range []int{64<<10 + 1, 1 << 20} {
		h.wantTooBig(size)
	}
	boss.wantOnly("participantJoined") // and back within the lease
	pat.want("stage.requestAccess", nil)
}

// wantTooBig sends a message to its end before it reads, as many clients do, and
// wants to find the close frame then.
func (h *house) wantTooBig(size int) {
	h.t.Helper()
	ws := h.upgrade(http.Header{"Authorization": {"Bearer " + h.token("big", "panelist")}}, "podium.stage.v1")
	defer func() { _ = ws.Close() }()
	for _, text := range []string{`{"jsonrpc":"2.0","id":1,"method":"meeting.join"}`, strings.Repeat(" ", size)} {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			h.t.Fatalf("%d bytes: %v", size, err)
		}
	}
	for {
		_, _, err := ws.ReadMessage()
		if err == nil {
			continue // the answer to meeting.join and its notices
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != websocket.CloseMessageTooBig {
			h.t.Errorf("%d bytes end with %v", size, err)
		}
		return
	}
}

// A flood is answered -32005 with the time to wait; the burst of the contract is
// served, and another connection does not wait.
func TestFlood(t *testing.T) {
	h := openHouse(t)
	boss, mob := h.enter("boss", "host"), h.enter("mob", "panelist")
	const calls = 400
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for range calls {
			_ = mob.ws.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"stage.leave"}`))
		}
	}()
	boss.want("stage.getAccessRequests", nil)
	var refused *wireError
	for n := range calls {
		f := mob.answer()
		if f.Error == nil || (f.Error.Code != 2006 && f.Error.Code != -32005) || string(f.ID) != "1" {
			t.Fatalf("answer %d is %+v", n, f)
		}
		if f.Error.Code == -32005 {
			if n < 99 { // meeting.join was the first of a hundred
				t.Errorf("call %d of a burst is refused", n+2)
			}
			refused = f.Error
		}
	}
	<-sent
	if refused == nil {
		t.Fatal("all calls were served at once")
	}
	if wait := refused.Data.RetryAfterMs; wait < 1 || wait > 1000 {
		t.Fatalf("told to wait %d ms", wait)
	}
	boss.want("stage.getAccessRequests", nil)
	eventually(t, "the flooding one is served again", func() bool {
		f := mob.call("stage.leave", "{}")
		return f.Error != nil && f.Error.Code == 2006
	})
}

// One that does not read is cut, and the others do not wait for it.
func TestSlowReaderIsCut(t *testing.T) {
	h := openHouseWith(t, server.Config{Lease: time.Hour})
	h.stage.SetOutbound(1 << 20)
	slow := h.upgrade(http.Header{"Authorization": {"Bearer " + h.token("slow", "podium")}}, "podium.stage.v1")
	defer func() { _ = slow.Close() }()
	if err := slow.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	if err := slow.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"meeting.join"}`)); err != nil {
		t.Fatal(err)
	}
	pat := h.enter("pat", "panelist")
	users := make([]string, 100) // lost, and expected back: they are in the meeting and read nothing
	for i := range users {
		users[i] = fmt.Sprintf("%0100d", i)
		h.enter(users[i], "panelist").cut()
	}
	eventually(t, "only two are connected", func() bool { return h.stage.Open() == 2 })
	list, _ := json.Marshal(map[string][]string{"userIds": users})
	eventually(t, "the slow one is cut", func() bool {
		for _, method := range []string{"grant", "deny"} {
			if status, body := h.request("POST", "/v1/meetings/hall/"+method, h.token("boss", "host"), string(list)); status != 200 {
				t.Fatalf("%s: %d %s", method, status, body)
			}
		}
		pat.forgetAll()
		return h.stage.Open() == 1
	})
	pat.forgetAll()
}

// forgetAll is forget that does not count on the flood's limit.
func (s *seat) forgetAll() {
	s.t.Helper()
	for len(s.frames) > 0 {
		s.frame()
	}
}
