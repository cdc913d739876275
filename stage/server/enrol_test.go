package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"podium/stage/enrol"
	"podium/stage/server"
)

const ownKey = "SHA256:0123"

// code makes a code for a podium.
func (h *house) code(userID string) string {
	h.t.Helper()
	status, body := h.request(http.MethodPost, hallPath+"podiums", h.token("chair", "host"), `{"userId":"`+userID+`","displayName":"The left one"}`)
	var got struct{ Code, UserID string }
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 || got.UserID != userID {
		h.t.Fatalf("a new code is answered %d %s", status, body)
	}
	return got.Code
}

// enrol is what the podium does with a code; fingerprint is what it sees.
func (h *house) enrol(code, fingerprint string) (int, enrol.Answer, bool) {
	h.t.Helper()
	key, nonce := enrol.KeyOf(code), enrol.NewNonce()
	asked, err := json.Marshal(enrol.Request{Nonce: nonce, Proof: key.Asks(nonce, fingerprint)})
	if err != nil {
		h.t.Fatal(err)
	}
	status, body := h.request(http.MethodPost, enrol.Path, "", string(asked))
	var got enrol.Answer
	_ = json.Unmarshal([]byte(body), &got)
	return status, got, enrol.Equal(got.Proof, key.Answers(nonce, got.Credential))
}

func openTLSHouse(t *testing.T) *house {
	return openHouseWith(t, server.Config{Fingerprint: func() string { return ownKey }})
}

func TestEnrolAndWithdraw(t *testing.T) {
	h := openTLSHouse(t)
	code := h.code("podium-7")
	if status, _, _ := h.enrol(code, "SHA256:of somebody in between"); status != http.StatusForbidden {
		t.Fatalf("with somebody in between it is answered %d", status)
	}
	status, got, proved := h.enrol(code, ownKey)
	if status != 200 || !proved || got.UserID != "podium-7" || got.Name != "The left one" || got.Meeting != "hall" {
		t.Fatalf("answered %d %+v, proved %v", status, got, proved)
	}
	if status, _, _ := h.enrol(code, ownKey); status != http.StatusForbidden {
		t.Errorf("a used code is answered %d", status)
	}
	chair := h.token("chair", "host")
	podium := h.dial(got.Credential)
	podium.want("meeting.join", nil)
	podium.want("stage.requestAccess", nil)
	_, list := h.request(http.MethodGet, hallPath+"podiums", chair, "")
	wantLike(t, strings.TrimSpace(list), `[{"userId":"podium-7","displayName":"The left one","enrolledAt":"~","by":"chair","connected":true}]`)
	h.request(http.MethodPost, hallPath+"grant", chair, `{"userIds":["podium-7"]}`)
	podium.want("stage.join", nil)

	if status, body := h.request(http.MethodDelete, hallPath+"podiums/podium-7", chair, ""); status != http.StatusNoContent {
		t.Fatalf("a withdrawal is answered %d %s", status, body)
	}
	podium.next("stageRemoved")
	if err := podium.wantEnd(); err == nil {
		t.Error("the connection goes on")
	}
	if status, body := h.request(http.MethodGet, "/v1/stage", got.Credential, ""); status != http.StatusUnauthorized || !strings.Contains(body, "podium enroll CODE") {
		t.Errorf("a withdrawn credential is answered %d %s", status, body)
	}
	if status, _ := h.request(http.MethodDelete, hallPath+"podiums/podium-7", chair, ""); status != http.StatusNotFound {
		t.Errorf("a second withdrawal is answered %d", status)
	}
}

// The second device of a name takes the first one's place.
func TestEnrolledAnew(t *testing.T) {
	h := openTLSHouse(t)
	_, first, _ := h.enrol(h.code("podium-7"), "")
	podium := h.dial(first.Credential)
	podium.want("meeting.join", nil)
	_, second, _ := h.enrol(h.code("podium-7"), ownKey)
	if err := podium.wantEnd(); err == nil {
		t.Error("the first one's connection goes on")
	}
	if status, _ := h.request(http.MethodGet, "/v1/stage", first.Credential, ""); status != http.StatusUnauthorized {
		t.Errorf("the first credential is answered %d", status)
	}
	h.dial(second.Credential).want("meeting.join", nil)
}

func TestGuessesAreLimited(t *testing.T) {
	h := openTLSHouse(t)
	right := h.code("podium-7")
	wrong := 0
	for ; wrong < 100; wrong++ {
		if status, _, _ := h.enrol(enrol.NewCode(), ""); status == http.StatusTooManyRequests {
			break
		}
	}
	if wrong > 12 {
		t.Errorf("%d guesses were taken at once", wrong)
	}
	if status, _, _ := h.enrol(right, ""); status != http.StatusTooManyRequests {
		t.Errorf("who has guessed too often, and is right, is answered %d", status)
	}
}

// Without a name a podium gets the next free one.
func TestPodiumsAreNumbered(t *testing.T) {
	h := openTLSHouse(t)
	for _, want := range []string{"podium-1", "podium-2"} {
		_, body := h.request(http.MethodPost, hallPath+"podiums", h.token("chair", "host"), "")
		if !strings.Contains(body, `"userId":"`+want+`"`) {
			t.Errorf("%s is not %s", body, want)
		}
	}
}

// sendEnrol sends what lets podiums in, in every way.
func (d *described) sendEnrol() {
	d.t.Helper()
	host := d.token("desk", "host")
	code := d.code("podium-7")
	key, nonce := enrol.KeyOf(code), enrol.NewNonce()
	good, _ := json.Marshal(enrol.Request{Nonce: nonce, Proof: key.Asks(nonce, "")})
	d.send("POST", enrol.Path, "", string(good), 200)
	d.send("GET", hallPath+"podiums", host, "", 200)
	for _, body := range []string{`{"nonce":7,"proof":""}`, `{"nonce":"AAAA","proof":"AAAA"}`, `[]`, `{"nonce":"AAAAAAAAAAAAAAAAAAAAAAAA","proof":"","more":1}`} {
		d.send("POST", enrol.Path, "", body, 400)
	}
	d.send("POST", enrol.Path, "", strings.Repeat(" ", 64<<10)+string(good), 413)
	d.send("POST", enrol.Path, "", string(good), 403)
	for range 20 {
		d.exchangeUnfit("POST", hallPath+"podiums", host, `{"userId":".."}`, 400)
		_, _, _ = d.exchange("POST", enrol.Path, "", string(good))
	}
	d.send("POST", enrol.Path, "", string(good), 429)

	one := hallPath + "podiums/podium-7"
	d.send("DELETE", one, "", "", 401)
	d.send("DELETE", one, d.token("pat", "panelist"), "", 403)
	d.send("DELETE", one, host, "", 204)
	d.send("DELETE", one, host, "", 404)
	d.flood("DELETE", one, "")
}
