package lipsync

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"podium/internal/reports"
	"podium/test/rig"
)

// patience is how long the test waits for what must come.
const patience = 30 * time.Second

const (
	sound   = webrtc.RTPCodecTypeAudio
	picture = webrtc.RTPCodecTypeVideo
)

// got is a sample that has come, and when it was captured.
type got struct {
	stamp             uint32
	captured, arrived time.Time
}

// viewer notes what comes.
type viewer struct {
	witness *witness
	mu      sync.Mutex
	samples map[webrtc.RTPCodecType][]got
	reports map[webrtc.RTPCodecType][]*rtcp.SenderReport
}

func (h *hall) watch() *viewer {
	h.t.Helper()
	v := &viewer{witness: h.witness, samples: map[webrtc.RTPCodecType][]got{}, reports: map[webrtc.RTPCodecType][]*rtcp.SenderReport{}}
	pc := loopback(h.t)
	pc.OnTrack(v.read)
	for _, kind := range []webrtc.RTPCodecType{sound, picture} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			h.t.Fatal(err)
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		h.t.Fatal(err)
	}
	answer, err := rig.Exchange(h.t.Context(), h.web.URL+"/v1/whep/hall/ada", "", offer.SDP)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (v *viewer) read(track *webrtc.TrackRemote, in *webrtc.RTPReceiver) {
	go v.readReports(track.Kind(), in)
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		// Of a picture the last packet is looked at: its end is the picture's.
		if captured, ok := v.witness.captured(packet.Payload); ok {
			v.mu.Lock()
			v.samples[track.Kind()] = append(v.samples[track.Kind()], got{packet.Timestamp, captured, time.Now()})
			v.mu.Unlock()
		}
	}
}

func (v *viewer) readReports(kind webrtc.RTPCodecType, in *webrtc.RTPReceiver) {
	for {
		packets, _, err := in.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if report, ok := packet.(*rtcp.SenderReport); ok {
				v.mu.Lock()
				v.reports[kind] = append(v.reports[kind], report)
				v.mu.Unlock()
			}
		}
	}
}

// seen counts the samples and reports of the kind of which there are fewer.
func (v *viewer) seen() (samples, reports int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return min(len(v.samples[sound]), len(v.samples[picture])), min(len(v.reports[sound]), len(v.reports[picture]))
}

// late gives how late samples of a kind are: by the latest report, and as they arrive.
func (v *viewer) late(kind webrtc.RTPCodecType, rate time.Duration) (told, arrived time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var tolds, arrivals []time.Duration
	all := v.reports[kind]
	report := all[len(all)-1]
	for _, g := range v.samples[kind][len(v.samples[kind])/2:] {
		at := reports.Time(report.NTPTime).Add(time.Duration(int32(g.stamp-report.RTPTime)) * time.Second / rate)
		tolds = append(tolds, at.Sub(g.captured.Round(0)))
		arrivals = append(arrivals, g.arrived.Sub(g.captured))
	}
	slices.Sort(tolds)
	slices.Sort(arrivals)
	return tolds[len(tolds)/2], arrivals[len(arrivals)/2]
}

// TestSoundAndPicture: for a viewer who goes by the reports, sound and picture are as
// they were captured, whenever each of them arrives; in the next turn too.
func TestSoundAndPicture(t *testing.T) {
	h := newHall(t)
	v := h.watch()
	for turn := range 2 {
		h.turn(uint64(turn + 1))
		samples, told := v.seen()
		for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			if s, r := v.seen(); s > samples+60 && r > told+1 {
				break
			}
			if time.Now().After(end) {
				t.Fatal("no samples, or no reports on them")
			}
		}
		h.speaker.Close()
		soundTold, soundArrived := v.late(sound, 48000)
		pictureTold, pictureArrived := v.late(picture, 90000)
		off := soundTold - pictureTold
		t.Logf("turn %d: sound after the picture by the reports %s ms, as they arrive %s ms (%s and %s after the capture)",
			turn+1, rig.Ms(off), rig.Ms(soundArrived-pictureArrived), rig.Ms(soundArrived), rig.Ms(pictureArrived))
		if off.Abs() > 3*time.Millisecond {
			t.Errorf("turn %d: by the reports the sound is %s off", turn+1, off)
		}
		v.mu.Lock()
		clear(v.samples)
		v.mu.Unlock()
	}
}
