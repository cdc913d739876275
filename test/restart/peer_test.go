package restart

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage"
)

// peer is one participant's connection; it makes one call at a time.
type peer struct {
	ws *websocket.Conn
	id int
}

type answer struct {
	ID     *int            `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// tooMany is the flood limit's code: nothing was done.
const tooMany = -32005

// refusal is an answer that is an error: the service lives, and says no.
type refusal struct{ text string }

func (r refusal) Error() string { return r.text }

// enter connects and joins the meeting.
func enter(t *testing.T, address, user, preset string) (*peer, stage.Joined) {
	t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: []string{"podium.stage.v1"}}
	ws, response, err := dialer.Dial("ws://"+address+"/v1/stage", http.Header{"Authorization": {"Bearer " + token(t, user, preset)}})
	if err != nil {
		t.Fatalf("%s cannot connect: %v %+v", user, err, response)
	}
	p := &peer{ws: ws}
	var joined stage.Joined
	if err := p.call(stage.MeetingJoin, struct{}{}, &joined); err != nil {
		t.Fatalf("%s cannot join: %v", user, err)
	}
	return p, joined
}

// call makes one call and waits for its answer. Notices on the way are dropped.
func (p *peer) call(method stage.Method, params, result any) error {
	for {
		a, err := p.ask(method, params)
		switch {
		case err != nil:
			return err
		case a.Error != nil && a.Error.Code == tooMany:
			time.Sleep(50 * time.Millisecond)
		case a.Error != nil:
			return refusal{fmt.Sprintf("%s: %d %s", method, a.Error.Code, a.Error.Message)}
		case result == nil:
			return nil
		default:
			return json.Unmarshal(a.Result, result)
		}
	}
}

func (p *peer) ask(method stage.Method, params any) (answer, error) {
	p.id++
	request := map[string]any{"jsonrpc": "2.0", "id": p.id, "method": method, "params": params}
	if err := p.ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return answer{}, err
	}
	if err := p.ws.WriteJSON(request); err != nil {
		return answer{}, err
	}
	for {
		var a answer
		if err := p.ws.ReadJSON(&a); err != nil {
			return answer{}, err
		}
		if a.ID != nil && *a.ID == p.id {
			return a, nil
		}
	}
}

// decide is a host's call about one user.
func (p *peer) decide(method stage.Method, user string) error {
	var list stage.TargetResults
	err := p.call(method, stage.Targets{UserIDs: []string{user}}, &list)
	if err == nil && (len(list.Results) != 1 || !list.Results[0].OK) {
		return refusal{fmt.Sprintf("%s on %s: %+v", method, user, list.Results)}
	}
	return err
}
