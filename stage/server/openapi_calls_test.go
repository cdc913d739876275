package server_test

import (
	"net/http"
	"strings"
)

const hallPath = "/v1/meetings/hall/"

// sendGood sends each call as it is meant.
func (d *described) sendGood() {
	d.t.Helper()
	ann, bob := d.enter("ann", "podium"), d.enter("bob", "podium")
	host := d.token("desk", "host")
	ann.want("stage.requestAccess", nil)
	bob.want("stage.requestAccess", nil)
	for _, c := range [][3]string{
		{"GET", "requests", ""},
		{"GET", "participants", ""},
		{"POST", "grant", `{"userIds":["ann","ghost"],"expect":"REQUESTED_TO_JOIN_STAGE","media":["video","audio"],"speakingTimeMs":0}`},
		{"GET", "participants", ""},
		{"POST", "next", `{"media":["audio"],"speakingTimeMs":86400000}`},
		{"POST", "next", ""},
		{"POST", "next", "{}"},
		{"POST", "deny", `{"userIds":["bob"],"expect":"ON_STAGE"}`},
		{"POST", "deny", `{"userIds":["bob"]}`},
		{"POST", "clear", ""},
		{"POST", "clear", "{}"},
		{"POST", "priority", `{"held":true}`},
		{"POST", "priority", `{"held":false}`},
		{"POST", "identify", `{"userIds":["ann"]}`},
		{"POST", "identify", `{"userIds":["ann","ghost"],"durationMs":0}`},
		{"GET", "settings", ""},
		{"PATCH", "settings", ""},
		{"PATCH", "settings", "{}"},
		{"PATCH", "settings", `{"stageEnabled":true,"mode":"override","stageLimit":3,"queueLimit":10000,"requestsClosed":true,"media":["audio"],` +
			`"grantExpiryMs":3600000,"speakingTimeMs":86400000,"speakingWarningMs":1000,"speakingEnd":"off","rejectionWaitMs":0,"priority":"remove"}`},
		{"GET", "record", ""},
		{"GET", "record?format=csv", ""},
		{"GET", "record?format=json", ""},
		{"POST", "kick", `{"userIds":["ann"]}`},
	} {
		d.send(c[0], hallPath+c[1], host, c[2], 200)
	}
	d.send("GET", hallPath+"record", host, "", 200, "Accept", "text/csv")
}

// bodies are what no call takes, and what only some of them refuse.
var (
	noBodies    = []string{`[]`, `null`, `7`, `"x"`, `{"more":1}`, `{"userIds":null}`}
	noUsers     = []string{`{}`, `{"userIds":[]}`, `{"userIds":[""]}`, `{"userIds":[7]}`, `{"userIds":"ann"}`, `{"userIds":["ann"],"more":1}`}
	noTerms     = []string{`{"media":[]}`, `{"media":["smell"]}`, `{"media":["audio","audio"]}`, `{"speakingTimeMs":999}`, `{"speakingTimeMs":-1}`, `{"speakingTimeMs":86400001}`, `{"speakingTimeMs":1.5}`, `{"speakingTimeMs":"1000"}`}
	noPriority  = []string{`{}`, `{"held":1}`, `{"held":"true"}`}
	noDurations = []string{`{"userIds":["ann"],"durationMs":-1}`, `{"userIds":["ann"],"durationMs":30001}`, `{"userIds":["ann"],"durationMs":"1"}`}
	noSettings  = []string{`{"mode":"chaos"}`, `{"mode":1}`, `{"stageLimit":-1}`, `{"stageLimit":10001}`, `{"stageEnabled":"yes"}`, `{"queueLimit":1.5}`,
		`{"grantExpiryMs":3600001}`, `{"speakingWarningMs":1}`, `{"rejectionWaitMs":86400001}`, `{"speakingEnd":"maybe"}`, `{"priority":"loud"}`}
)

// sendBad sends each call as it is not to be; document and service agree on it.
func (d *described) sendBad() {
	d.t.Helper()
	var host string
	for _, c := range []struct {
		verb, name string
		bodies     [][]string
	}{
		{"POST", "grant", [][]string{noUsers, withUsers(noTerms)}},
		{"POST", "deny", [][]string{noUsers, {`{"userIds":["ann"],"media":["audio"]}`}}},
		{"POST", "kick", [][]string{noUsers, {`{"userIds":["ann"],"expect":"GONE"}`, `{"userIds":["ann"],"expect":""}`}}},
		{"POST", "next", [][]string{noTerms}},
		{"POST", "clear", nil},
		{"POST", "priority", [][]string{noPriority}},
		{"POST", "identify", [][]string{noUsers, noDurations}},
		{"PATCH", "settings", [][]string{noTerms, noSettings}},
		{"POST", "podiums", [][]string{{`{"userId":7}`, `{"displayName":[]}`}}},
	} {
		host = d.token("clumsy with "+c.name, "host") // each alone does not flood
		for _, bodies := range append(c.bodies, noBodies) {
			for _, body := range bodies {
				d.send(c.verb, hallPath+c.name, host, body, 400)
			}
		}
	}
	d.send("GET", hallPath+"record?format=xml", host, "", 400)
	d.send("POST", hallPath+"kick", host, "", 400)
}

// withUsers adds a user to each of these bodies, so that only the rest is wrong.
func withUsers(bodies []string) (list []string) {
	for _, body := range bodies {
		list = append(list, `{"userIds":["ann"],`+body[1:])
	}
	return list
}

// calls are all REST calls with a body that fits.
var calls = [][3]string{
	{"GET", "requests", ""}, {"GET", "participants", ""}, {"GET", "settings", ""}, {"GET", "record", ""},
	{"POST", "grant", `{"userIds":["ann"]}`}, {"POST", "deny", `{"userIds":["ann"]}`}, {"POST", "kick", `{"userIds":["ann"]}`},
	{"POST", "next", "{}"}, {"POST", "clear", "{}"}, {"POST", "priority", `{"held":false}`},
	{"POST", "identify", `{"userIds":["ann"]}`}, {"PATCH", "settings", "{}"},
	{"GET", "podiums", ""}, {"POST", "podiums", "{}"},
}

// inAnyState are the calls that a disabled stage does not refuse.
var inAnyState = []string{"participants", "settings", "record", "identify", "podiums"}

// sendRefused sends each call in the meetings and with the tokens that refuse it.
func (d *described) sendRefused() {
	d.t.Helper()
	host, off := d.token("desk", "host"), d.tokenFor("off", "desk", "host")
	d.dial(d.tokenFor("off", "ann", "podium")).want("meeting.join", nil)
	d.send("PATCH", "/v1/meetings/off/settings", off, `{"stageEnabled":false}`, 200)
	for _, c := range calls {
		verb, name, body := c[0], c[1], c[2]
		d.send(verb, hallPath+name, "", body, 401)
		d.send(verb, hallPath+name, host+"x", body, 401)
		d.send(verb, hallPath+name, d.tokenFor("chapel", "desk", "host"), body, 403)
		d.send(verb, hallPath+name, d.token("pat", "panelist"), body, 403)
		d.send(verb, hallPath+name, host, body, 403, "Origin", "https://elsewhere.example")
		d.send(verb, "/v1/meetings/off/"+name, off, body, stateStatus(name))
		if body != "" {
			d.send(verb, hallPath+name, host, strings.Repeat(" ", 64<<10)+body, 413)
		}
	}
	for _, c := range calls {
		d.flood(c[0], hallPath+c[1], c[2])
	}
}

func stateStatus(name string) int {
	for _, known := range inAnyState {
		if name == known {
			return 200
		}
	}
	return http.StatusConflict
}

// flood calls until it is refused, which the document has to know.
func (d *described) flood(verb, path, body string) {
	d.t.Helper()
	token := d.token("mob", "host")
	for range 1000 {
		if status, _, problem := d.exchange(verb, path, token, body); problem != nil || status == http.StatusTooManyRequests {
			if problem != nil {
				d.t.Error(problem)
			}
			return
		}
	}
	d.t.Errorf("%s %s is never refused", verb, path)
}
