package server_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage/server"
)

// While somebody does not read and the network takes nothing more for them, a
// press is heard, a kick is carried out and told, and media are cut, at once. The
// deaf one is a host, who is written to before everybody else.
func TestADeafHostDelaysNobody(t *testing.T) {
	t.Parallel()
	h := openHouseWith(t, server.Config{Lease: time.Hour})
	deaf := h.upgrade(http.Header{"Authorization": {"Bearer " + h.token("deaf", "host")}}, "podium.stage.v1")
	defer func() { _ = deaf.Close() }()
	if err := deaf.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	if err := deaf.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"meeting.join"}`)); err != nil {
		t.Fatal(err)
	}
	users := make([]string, 100)
	for i := range users {
		users[i] = fmt.Sprintf("%0100d", i)
		h.enter(users[i], "panelist").cut()
	}
	list, _ := json.Marshal(map[string][]string{"userIds": users})
	for n := 0; h.stage.Backlog("deaf") < 64<<10; n++ {
		for _, method := range []string{"grant", "deny"} {
			if status, body := h.request("POST", hallPath+method, h.token(fmt.Sprint("boss-", n), "host"), string(list)); status != 200 {
				t.Fatalf("%s: %d %s", method, status, body)
			}
		}
	}
	began := time.Now()
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	ann.want("stage.requestAccess", nil)
	boss.next("newStageRequest")
	boss.want("stage.grantAccess", []string{"ann"})
	ann.want("stage.join", nil)
	boss.want("stage.kick", []string{"ann"})
	h.wantCalls("admit hall/ann", "evict hall/ann")
	ann.next("stageRemoved")
	if took := time.Since(began); took > 2*time.Second { // the network is given 5 s to take something
		t.Errorf("all that took %v: it waited for the one who does not read", took)
	}
	if h.stage.Backlog("deaf") == 0 {
		t.Error("the deaf one was served, or cut: this shows nothing")
	}
	// Neither a silence (the lease is an hour) nor the bytes that wait end it: the
	// write does that has been waiting for too long.
	eventually(t, "the deaf one is cut", func() bool { return h.stage.Open() == 2 })
}
