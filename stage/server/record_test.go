package server_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server"
)

// enterAs joins the meeting with a name of its own.
func (h *house) enterAs(meeting, user, name string) *seat {
	h.t.Helper()
	token, err := server.NewToken(key, server.TokenRequest{
		Meeting: meeting, UserID: user, Name: name, Preset: stage.Presets["panelist"], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	s := h.dial(token)
	s.want("meeting.join", nil)
	return s
}

// get asks for a path and gives the whole response.
func (h *house) get(path, token, accept string) (*http.Response, string) {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, h.web.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	response, err := h.web.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return response, string(body)
}

func TestRecordAsJSON(t *testing.T) {
	h := openHouse(t)
	host := h.token("desk", "host")
	if _, body := h.get("/v1/meetings/hall/record", host, ""); body != "[]\n" {
		t.Errorf("an empty record is %q", body)
	}
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	response, body := h.get("/v1/meetings/hall/record", host, "text/html, application/json;q=0.9, text/csv;q=0.1")
	wantLike(t, strings.TrimSpace(body), `[{"userId":"ann","displayName":"Name of ann","onStageAt":"~Z","onStageMs":~,"onAirMs":0,"how":"approved","letInBy":"boss","media":["audio","video"]}]`)
	if got := response.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("it is %q", got)
	}
	var entries []stage.Entry
	if err := json.Unmarshal([]byte(body), &entries); err != nil {
		t.Error(err)
	}
}

// The CSV reads back as it was, whatever the names are; what a spreadsheet would
// take for a formula is text.
func TestRecordAsCSV(t *testing.T) {
	h := openHouse(t)
	host := h.token("desk", "host")
	names := []string{"=1+1", "+SUM(A1)", "-2", "@x", "\tx", "\rx", "plain", `with "quotes", commas` + "\r\nand lines", "\u202eRTL", "<b>&amp;</b>", "", "日本"}
	for i, name := range names {
		s := h.enterAs("hall", "user-"+string(rune('a'+i)), name)
		s.want("stage.requestAccess", nil)
		s.want("stage.join", nil)
	}
	for path, accept := range map[string]string{"record?format=csv": "application/json", "record": "text/csv;q=0.9, application/json"} {
		response, body := h.get("/v1/meetings/hall/"+path, host, accept)
		lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || len(lines) != len(names)+1 || strings.Join(lines[0][:2], ",") != "userId,displayName" || !strings.Contains(body, "letInBy,media,endReason,endedBy\r\n") {
			t.Fatalf("%v\n%s", err, body)
		}
		for _, line := range lines[1:] {
			want := names[line[0][len("user-")]-'a']
			switch {
			case want == "":
				want = line[0]
			case strings.ContainsRune("=+-@\t\r", rune(want[0])):
				want = "'" + want
			}
			want = strings.ReplaceAll(want, "\r", "") // encoding/csv writes line ends of its own
			if line[1] != want || line[6] != "allowed" || line[8] != "audio video" || line[3] != "" {
				t.Errorf("%q, want %q", line, want)
			}
		}
		if got := response.Header.Get("Content-Disposition"); got != `attachment; filename=record-hall.csv` {
			t.Errorf("it is saved as %q", got)
		}
		if got := response.Header.Get("Content-Type"); got != "text/csv; charset=utf-8; header=present" {
			t.Errorf("it is %q", got)
		}
	}
}

// A meeting's name is no path on the disk of the one who saves the record.
func TestRecordIsSavedUnderASafeName(t *testing.T) {
	h := openHouse(t)
	for meeting, want := range map[string]string{
		`../../etc/passwd`:   `attachment; filename=record-______etc_passwd.csv`,
		"a\"b\r\nc: d\u202e": `attachment; filename=record-a_b__c__d_.csv`,
		"Größe 日本":           `attachment; filename*=utf-8''record-Gr%C3%B6%C3%9Fe_%E6%97%A5%E6%9C%AC.csv`,
	} {
		response, _ := h.get("/v1/meetings/"+escape(meeting)+"/record?format=csv", h.tokenFor(meeting, "desk", "host"), "")
		if got := response.Header.Get("Content-Disposition"); response.StatusCode != http.StatusOK || got != want {
			t.Errorf("%q: %d %q, want %q", meeting, response.StatusCode, got, want)
		}
	}
}
