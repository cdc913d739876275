package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"podium/stage"
	"podium/stage/room"
	"podium/stage/server"
)

// openRoom is openHouse with the real media engine.
func openRoom(t *testing.T) (*house, *room.Room) {
	t.Helper()
	engine, err := room.New(room.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return openHouseWith(t, server.Config{Engine: engine, Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "podium_stage_meetings 1\n")
	})}), engine
}

// offer is a browser's, to send or to receive video.
func offer(t *testing.T, way webrtc.RTPTransceiverDirection) string {
	t.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: way}); err != nil {
		t.Fatal(err)
	}
	o, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pc.SetLocalDescription(o); err != nil {
		t.Fatal(err)
	}
	return o.SDP
}

// postSDP opens a session and gives its path.
func (d *described) postSDP(path, token, sdp string) string {
	d.t.Helper()
	d.send("POST", path, token, sdp, 201, "Content-Type", "application/sdp")
	return d.location
}

// takeStage brings a podium on stage and gives its publish token.
func (d *described) takeStage(s *seat, user string, media ...stage.Media) string {
	d.t.Helper()
	d.send("POST", hallPath+"grant", d.token("desk", "host"), `{"userIds":["`+user+`"],"media":`+encodeMedia(media)+`}`, 200)
	var joined stage.StatusResult
	if err := json.Unmarshal([]byte(s.want("stage.join", nil)), &joined); err != nil || joined.Publish == nil {
		d.t.Fatalf("no place to publish: %v", err)
	}
	return joined.Publish.Token
}

func encodeMedia(media []stage.Media) string {
	text, _ := json.Marshal(media)
	return string(text)
}

// sendMedia opens and ends sessions of the media engine, and is refused.
func (d *described) sendMedia() {
	d.t.Helper()
	const sdpType = "application/sdp"
	viewer, foreign := d.token("eve", "viewer"), d.tokenFor("chapel", "eve", "viewer")
	d.send("PATCH", hallPath+"settings", d.token("desk", "host"), `{"stageLimit":0,"mode":"request"}`, 200)
	vic := d.enter("vic", "podium")
	token := d.takeStage(vic, "vic", stage.Video)
	in, out := offer(d.t, webrtc.RTPTransceiverDirectionSendonly), offer(d.t, webrtc.RTPTransceiverDirectionRecvonly)

	session := d.postSDP("/v1/whip/hall", token, in)
	watching := d.postSDP("/v1/whep/hall/vic", viewer, out)
	for _, c := range []struct{ path, good, sdp string }{{"/v1/whip/hall", "", in}, {"/v1/whep/hall/vic", viewer, out}} {
		d.send("POST", c.path, "", c.sdp, 401, "Content-Type", sdpType)
		if c.good == "" { // a token that is not used up
			zoe := d.enter("zoe", "podium")
			c.good = d.takeStage(zoe, "zoe", stage.Audio)
			d.send("POST", c.path, c.good, c.sdp, 422, "Content-Type", sdpType)
		}
		d.send("POST", c.path, c.good, c.sdp, 415, "Content-Type", "text/html")
		d.send("POST", c.path, c.good, strings.Repeat("x", 65<<10), 413, "Content-Type", sdpType)
		d.exchangeUnfit("POST", c.path, c.good, "hello", 400, "Content-Type", sdpType)
	}
	d.send("POST", "/v1/whep/hall/vic", viewer, in, 422, "Content-Type", sdpType)
	d.send("POST", "/v1/whep/hall/vic", foreign, out, 403, "Content-Type", sdpType)
	d.send("POST", "/v1/whep/hall/ghost", viewer, out, 404, "Content-Type", sdpType)

	d.send("DELETE", "/v1/whip/hall/ghost", token, "", 404)
	d.send("DELETE", session, "dead", "", 401)
	d.send("DELETE", session, token, "", 200)
	d.send("DELETE", watching, "", "", 401)
	d.send("DELETE", watching, foreign, "", 403)
	d.send("DELETE", watching, viewer, "", 200)
	d.send("DELETE", watching, viewer, "", 404)
	vic.want("stage.leave", nil)
	d.send("POST", "/v1/whip/hall", token, in, 403, "Content-Type", sdpType)
	d.send("DELETE", session, token, "", 403)
}

// exchangeUnfit is send for what is wrong in a way that no schema can say.
func (d *described) exchangeUnfit(method, path, token, body string, want int, header ...string) {
	d.t.Helper()
	if status, text, _ := d.exchange(method, path, token, body, header...); status != want {
		d.t.Errorf("%s %s is answered %d %s, want %d", method, path, status, text, want)
	}
}

// sendRest sends the service's own calls, and everything once more after its end.
func (d *described) sendRest() {
	d.t.Helper()
	d.send("GET", "/v1/openapi.json", "", "", 200)
	d.send("GET", "/healthz", "", "", 200)
	d.send("GET", "/metrics", "", "", 200)
	d.exchangeUnfit("GET", "/v1/stage", d.token("pat", "panelist"), "", 400)
	d.send("GET", "/v1/stage", "", "", 401)
	d.send("GET", "/v1/stage", d.token("pat", "panelist"), "", 403, "Origin", "https://elsewhere.example")
	d.enter("pat", "panelist")
	d.seen["connect"] = append(d.seen["connect"], http.StatusSwitchingProtocols)

	d.stage.SetFailures(0)
	d.send("GET", "/v1/stage", "", "", 429)
	for _, path := range []string{"/v1/whip/hall", "/v1/whep/hall/vic"} {
		d.send("POST", path, "wrong", "v=0", 429, "Content-Type", "application/sdp")
		d.send("DELETE", path+"/session", "wrong", "", 429)
	}

	d.close()
	host := d.token("late", "host")
	for _, c := range calls {
		d.send(c[0], hallPath+c[1], host, c[2], 503)
	}
	d.send("GET", "/v1/stage", host, "", 503)
	d.send("GET", "/healthz", "", "", 503)
	d.send("DELETE", hallPath+"podiums/podium-7", host, "", 503)
	if err := d.room.Close(); err != nil {
		d.t.Error(err)
	}
	for _, path := range []string{"/v1/whip/hall", "/v1/whep/hall/vic"} {
		d.send("POST", path, host, "v=0", 503, "Content-Type", "application/sdp")
		d.send("DELETE", path+"/session", host, "", 503)
	}
}
