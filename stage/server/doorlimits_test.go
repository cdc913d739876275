package server_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"podium/stage/server"
)

// knock tries to connect, and gives the status and the answer of a refusal.
func (h *house) knock(token string) (*websocket.Conn, *http.Response) {
	h.t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: []string{"podium.stage.v1"}}
	ws, response, err := dialer.Dial("ws"+strings.TrimPrefix(h.web.URL, "http")+"/v1/stage", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil && response == nil {
		h.t.Fatal(err)
	}
	if err == nil {
		h.t.Cleanup(func() { _ = ws.Close() })
	}
	return ws, response
}

// wantLater wants a refusal that says when to come back.
func wantLater(t *testing.T, response *http.Response) {
	t.Helper()
	if response.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("answered %d, want 429", response.StatusCode)
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err != nil || seconds < 1 {
		t.Errorf("Retry-After is %q", response.Header.Get("Retry-After"))
	}
}

// A participant has so many connections at once, whatever the meeting's others do;
// one that ends makes room.
func TestConnectionsOfAParticipant(t *testing.T) {
	h := openHouseWith(t, server.Config{ConnectionsPerParticipant: 3})
	ann := h.token("ann", "podium")
	var held []*websocket.Conn
	for range 3 {
		ws, _ := h.knock(ann)
		held = append(held, ws)
	}
	ws, response := h.knock(ann)
	if ws != nil {
		t.Fatal("a fourth connection is taken")
	}
	wantLater(t, response)
	h.enter("bob", "podium")
	if ws, _ := h.knock(h.tokenFor("chapel", "ann", "podium")); ws == nil {
		t.Error("the same name in another meeting is refused")
	}
	_ = held[0].Close()
	eventually(t, "there is room again", func() bool {
		ws, _ := h.knock(ann)
		return ws != nil
	})
}

// What is refused after it was counted is counted off: a handshake that is none.
func TestFailedHandshakesHoldNoPlace(t *testing.T) {
	h := openHouseWith(t, server.Config{ConnectionsPerParticipant: 1})
	token := h.token("ann", "podium")
	for range 5 {
		if status, body := h.request("GET", "/v1/stage", token, ""); status != 400 {
			t.Fatalf("answered %d %s", status, body)
		}
	}
	if ws, _ := h.knock(token); ws == nil {
		t.Error("refused because of handshakes that failed")
	}
}

// Coming and going all the time is told to wait; the others come in meanwhile.
func TestConnectsOfAParticipantAreLimited(t *testing.T) {
	h := openHouse(t)
	mob := h.token("mob", "podium")
	for n := 0; ; n++ {
		ws, response := h.knock(mob)
		if ws == nil {
			if n < 20 {
				t.Errorf("only %d connections are taken", n)
			}
			wantLater(t, response)
			break
		}
		_ = ws.Close()
		if n > 1000 {
			t.Fatal("no end of it")
		}
	}
	h.enter("ann", "podium")
}

func TestConnectsOfAnAddressAreLimited(t *testing.T) {
	h := openHouse(t)
	h.stage.SetArrivals(3)
	for n := range 3 {
		h.enter(fmt.Sprint("user-", n), "podium")
	}
	_, response := h.knock(h.token("user-3", "podium"))
	wantLater(t, response)
}

// An address from which wrong tokens flood is told to wait, by every way in, and a
// good token from that very address is taken all the while: nobody in a hall
// behind one NAT can lock the others out.
func TestWrongTokensAreLimited(t *testing.T) {
	h, _ := openRoom(t)
	h.enter("ann", "podium")
	h.stage.SetFailures(4)
	ways := [][2]string{
		{"GET", "/v1/stage"}, {"GET", "/v1/meetings/hall/requests"}, {"POST", "/v1/whip/hall"}, {"POST", "/v1/whep/hall/ann"},
	}
	for _, way := range ways {
		if status, body := h.request(way[0], way[1], "wrong", ""); status != 401 {
			t.Errorf("%v is answered %d %s", way, status, body)
		}
	}
	for _, way := range ways {
		r, err := http.NewRequest(way[0], h.web.URL+way[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer wrong")
		response, err := h.web.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		wantLater(t, response)
		if response.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%v asks for another token", way)
		}
	}
	h.enter("bob", "podium")
	if status, body := h.request("GET", "/v1/meetings/hall/requests", h.token("desk", "host"), ""); status != 200 {
		t.Errorf("a good token is answered %d %s", status, body)
	}
}

// Opening views all the time is told to wait; the same of another participant is not.
func TestViewsOpenedAreLimited(t *testing.T) {
	h := openHouse(t)
	h.enter("ann", "podium")
	eve := h.token("eve", "viewer")
	for n := 0; ; n++ {
		status, body := h.request("POST", "/v1/whep/hall/ann", eve, "")
		if status == 429 {
			if n < 50 || !strings.Contains(body, "retryAfterMs") {
				t.Errorf("call %d is answered %s", n, body)
			}
			break
		}
		if n > 1000 {
			t.Fatal("no end of it")
		}
	}
	if status, _ := h.request("DELETE", "/v1/whep/hall/ann/x", eve, ""); status != 201 { // what the engine of this test says
		t.Errorf("ending a view is answered %d", status)
	}
	if status, _ := h.request("POST", "/v1/whep/hall/ann", h.token("kim", "viewer"), ""); status != 201 {
		t.Errorf("another viewer is answered %d", status)
	}
}

// A token is good for its meeting and nothing else: whoever holds one makes no
// other, by whatever way.
func TestAHolderOfATokenMakesOneMeeting(t *testing.T) {
	h := openHouse(t)
	host := h.token("desk", "host")
	for _, c := range calls {
		if status, body := h.request(c[0], "/v1/meetings/elsewhere/"+c[1], host, c[2]); status != 403 {
			t.Errorf("%v is answered %d %s", c, status, body)
		}
	}
	for _, way := range [][2]string{{"POST", "/v1/whep/elsewhere/ann"}, {"DELETE", "/v1/whep/elsewhere/ann/x"}} {
		if status, body := h.request(way[0], way[1], host, ""); status != 403 {
			t.Errorf("%v is answered %d %s", way, status, body)
		}
	}
	if n := h.meetings(); n != 0 {
		t.Errorf("%d meetings run", n)
	}
	boss := h.enter("boss", "host")
	boss.call("meeting.join", `{"meeting":"elsewhere"}`)
	if n := h.meetings(); n != 1 {
		t.Errorf("%d meetings run, want the token's own", n)
	}
}

// A page of somebody else's comes in nowhere; a program, which has no Origin, and
// pages that the configuration names do.
func TestForeignPagesComeInNowhere(t *testing.T) {
	h := openHouseWith(t, server.Config{Origins: []string{"https://hall.example"}})
	h.enter("ann", "podium")
	token := h.token("desk", "host")
	for _, way := range [][2]string{
		{"GET", "/v1/stage"}, {"GET", "/v1/meetings/hall/requests"}, {"GET", "/v1/meetings/hall/record"}, {"POST", "/v1/meetings/hall/kick"},
		{"POST", "/v1/whip/hall"}, {"OPTIONS", "/v1/whip/hall"}, {"DELETE", "/v1/whip/hall/x"}, {"PATCH", "/v1/whip/hall/x"},
		{"POST", "/v1/whep/hall/ann"}, {"OPTIONS", "/v1/whep/hall/ann"}, {"DELETE", "/v1/whep/hall/ann/x"},
	} {
		for origin, foreign := range map[string]bool{"https://evil.example": true, "null": true, "https://hall.example": false, h.web.URL: false, "": false} {
			header := []string{"Origin", origin}
			if origin == "" {
				header = nil
			}
			status, body := h.request(way[0], way[1], token, "", header...)
			if (status == 403) != foreign {
				t.Errorf("%v from %q is answered %d %s", way, origin, status, body)
			}
		}
	}
}

// A token that is too long is not even read.
func TestTokensAreBounded(t *testing.T) {
	h := openHouse(t)
	status, body := h.request("GET", "/v1/stage", strings.Repeat("x", 9<<10), "")
	if status != 401 || !strings.Contains(body, "8192 are the most") {
		t.Errorf("answered %d %s", status, body)
	}
	worst := strings.Repeat("\U0001d11e", 120)
	if status, body := h.request("GET", "/v1/stage", h.tokenFor(worst, worst, "host"), ""); status != 400 { // taken; not a handshake
		t.Errorf("the longest names are answered %d %s", status, body)
	}
}
