package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"podium/stage/server"
)

func escape(segment string) string { return url.PathEscape(segment) }

// A caller that floods REST is told when to come back; others do not wait, and
// neither does the same user in another meeting.
func TestRESTFlood(t *testing.T) {
	h := openHouse(t)
	h.enter("ann", "podium")
	mob := h.token("mob", "host")
	served := 0
	for {
		status, body := h.request("GET", "/v1/meetings/hall/requests", mob, "")
		if status == 429 {
			wantLike(t, strings.TrimSpace(body), `{"error":{"code":-32005,"message":"too many calls: wait ~ ms","data":{"retryAfterMs":~}}}`)
			break
		}
		if served++; status != 200 || served > 1000 {
			t.Fatalf("call %d is answered %d", served, status)
		}
	}
	if served < 100 {
		t.Errorf("only %d are served at once", served)
	}
	for _, token := range []string{h.token("desk", "host"), mob} {
		meeting := "hall"
		if token == mob {
			meeting, token = "chapel", h.tokenFor("chapel", "mob", "host")
		}
		if status, _ := h.request("GET", "/v1/meetings/"+meeting+"/requests", token, ""); status != 200 {
			t.Errorf("another caller is answered %d", status)
		}
	}
	eventually(t, "the flooding one is served again", func() bool {
		response, body := h.get("/v1/meetings/hall/requests", mob, "")
		if response.StatusCode == http.StatusOK {
			return true
		}
		var refused struct{ Error wireError }
		seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
		if err != nil || seconds < 1 || json.Unmarshal([]byte(body), &refused) != nil || refused.Error.Data.RetryAfterMs > int64(seconds)*1000 {
			t.Fatalf("told to come back after %q: %s", response.Header.Get("Retry-After"), body)
		}
		return false
	})
}

// A wrong verb is told the right ones, an unknown call those that there are.
func TestRESTWrongVerb(t *testing.T) {
	h := openHouse(t)
	host := h.token("desk", "host")
	for _, c := range calls {
		for _, verb := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if slices.ContainsFunc(calls, func(o [3]string) bool { return o[0] == verb && o[1] == c[1] }) {
				continue
			}
			status, body := h.request(verb, hallPath+c[1], host, "")
			if status != 405 || !strings.Contains(body, "; use ") {
				t.Errorf("%s %s is answered %d %s", verb, c[1], status, body)
			}
		}
	}
	response, _ := h.get(hallPath+"kick", host, "")
	if got := response.Header.Get("Allow"); response.StatusCode != http.StatusMethodNotAllowed || got != "POST" {
		t.Errorf("answered %d, Allow %q", response.StatusCode, got)
	}
	status, body := h.request("DELETE", hallPath+"settings", host, "")
	if status != 405 || !strings.Contains(body, "use GET or PATCH") {
		t.Errorf("answered %d %s", status, body)
	}
	status, body = h.request("POST", hallPath+"fly", host, "")
	if status != 404 || !strings.Contains(body, "there are clear, deny, grant") {
		t.Errorf("answered %d %s", status, body)
	}
}

// What is refused is named as the caller knows it.
func TestRESTRefusalNamesTheCall(t *testing.T) {
	h := openHouse(t)
	for name, want := range map[string]string{
		"requests": "stage.getAccessRequests", "participants": "the list of participants", "settings": "the settings", "record": "the record",
	} {
		if _, body := h.request("GET", hallPath+name, h.token("pat", "panelist"), ""); !strings.Contains(body, want) {
			t.Errorf("%s is refused with %s", name, body)
		}
	}
}

// A page of an origin that the configuration names may call and read the answer,
// whatever it is; any other may not.
func TestRESTFromPages(t *testing.T) {
	h := openHouseWith(t, server.Config{Origins: []string{"https://kit.example"}})
	host := h.token("desk", "host")
	ask := func(verb, origin, token string) (int, http.Header) {
		t.Helper()
		r, err := http.NewRequest(verb, h.web.URL+hallPath+"settings", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		if verb == http.MethodOptions {
			r.Header.Set("Access-Control-Request-Method", "PATCH")
		} else {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		response, err := h.web.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode, response.Header
	}
	for _, c := range []struct {
		verb, origin, token string
		status              int
		allowed             string
	}{
		{"OPTIONS", "https://kit.example", "", 204, "https://kit.example"},
		{"GET", "https://kit.example", host, 200, "https://kit.example"},
		{"GET", "https://kit.example", "junk", 401, "https://kit.example"},
		{"GET", h.web.URL, host, 200, h.web.URL},
		{"OPTIONS", "https://elsewhere.example", "", 403, ""},
		{"GET", "https://elsewhere.example", host, 403, ""},
		{"GET", "null", host, 403, ""},
	} {
		status, header := ask(c.verb, c.origin, c.token)
		if status != c.status || header.Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("%s from %s is answered %d, for %q", c.verb, c.origin, status, header.Get("Access-Control-Allow-Origin"))
		}
		if c.status == http.StatusNoContent && (header.Get("Access-Control-Allow-Methods") != "GET, PATCH" || !strings.Contains(header.Get("Access-Control-Allow-Headers"), "Authorization")) {
			t.Errorf("the preflight says %v", header)
		}
	}
}
