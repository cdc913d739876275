package server_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"podium/stage/server"
	"podium/stage/server/servertest"
)

// More listeners than the crier serves at a time hear everything, in order, and
// what a host hears with them does not wait for one that reads nothing.
func TestMassHearsInOrder(t *testing.T) {
	h := openHouse(t)
	deaf := h.upgrade(http.Header{"Authorization": {"Bearer " + h.token("deaf", "viewer")}}, "podium.stage.v1")
	defer func() { _ = deaf.Close() }()
	if err := deaf.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"meeting.join"}`)); err != nil {
		t.Fatal(err)
	}
	var viewers []*seat
	for n := range 300 {
		viewers = append(viewers, h.enter(fmt.Sprintf("viewer-%d", n), "viewer"))
	}
	boss := h.enter("boss", "host")
	const changes = 40
	for n := 1; n <= changes; n++ {
		if f := boss.call("meeting.updateSettings", fmt.Sprintf(`{"queueLimit":%d}`, n)); f.Error != nil {
			t.Fatal(f.Error)
		}
	}
	for _, v := range append(viewers, boss) {
		for n := 1; n <= changes; {
			f := v.notice()
			if f.Method != "meetingSettingsUpdate" {
				continue // a count of viewers, the host's coming
			}
			if want := fmt.Sprintf(`"queueLimit":%d,`, n); !strings.Contains(string(f.Params), want) {
				t.Fatalf("came %s, want %s", f.Params, want)
			}
			n++
		}
	}
}

// Over TLS too, small frames and the large list of a full hall come whole.
func TestFramesOverTLS(t *testing.T) {
	s, err := server.New(server.Config{Key: key, Engine: &servertest.Engine{}, Lease: patience})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(s.Handler())
	h := &house{t: t, stage: s, web: web}
	t.Cleanup(func() { h.close(); web.Close() })
	dialer := websocket.Dialer{Subprotocols: []string{"podium.stage.v1"}, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	enter := func(user string) *seat {
		ws, _, err := dialer.Dial("wss"+strings.TrimPrefix(web.URL, "https")+"/v1/stage", http.Header{"Authorization": {"Bearer " + h.token(user, "podium")}})
		if err != nil {
			t.Fatal(err)
		}
		seat := &seat{t: t, ws: ws, frames: make(chan frame, 4096)}
		go seat.read()
		t.Cleanup(seat.cut)
		return seat
	}
	const people = 200
	var last string
	for n := range people {
		last = enter(fmt.Sprintf("user-%03d", n)).want("meeting.join", nil)
	}
	if len(last) < 20<<10 || strings.Count(last, `"displayName":"Name of user-`) != people+1 {
		t.Errorf("the last one was told %d bytes: %.300s", len(last), last)
	}
}
