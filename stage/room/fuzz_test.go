package room

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"podium/stage"
)

// FuzzPost sends any body to both handlers. Whatever comes is answered, and a
// body that is refused leaves the token as it was.
func FuzzPost(f *testing.F) {
	h := newHall(f, Config{})
	p, audio := newPublisher(h, nil), newPublisher(h, nil, stage.Audio)
	f.Add(p.offer)
	f.Add(strings.ReplaceAll(p.offer, "a=sendonly", "a=recvonly"))
	for _, bad := range badOffers(p.offer, audio.offer) {
		f.Add(bad.body)
	}
	good := p.offer
	post := func(handler http.Handler, path, token, body string) int {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", sdpType)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		if w.Code != http.StatusCreated && strings.TrimSpace(w.Body.String()) == "" {
			f.Errorf("status %d without a word", w.Code)
		}
		return w.Code
	}
	number := uint64(0)
	f.Fuzz(func(t *testing.T, body string) {
		number++
		admission, err := h.room.Admit(turn("ada", number))
		if err != nil {
			t.Fatal(err)
		}
		code := post(h.room.WHIP(), "/v1/whip/hall", admission.Token, body)
		switch code {
		case 201, 400, 406, 413, 422:
		default:
			t.Errorf("status %d", code)
		}
		if code != http.StatusCreated && number%16 == 0 {
			if code := post(h.room.WHIP(), "/v1/whip/hall", admission.Token, good); code != http.StatusCreated {
				t.Errorf("the token was used up: a good offer is answered %d", code)
			}
		}
		h.room.Evict("hall", "ada")
		post(h.room.WHEP(), "/v1/whep/hall/bob", "", body)
	})
}
