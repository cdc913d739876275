package server

import (
	"crypto/rand"
	"errors"
	"net/http"
	"time"
	"unicode/utf8"

	"podium/stage"
	"podium/stage/door"
	"podium/stage/enrol"
)

// guessRate is how often an address may be wrong about a code.
var guessRate = door.Rate{PerSecond: 0.2, Burst: 10}

// codeRate is how often a host may have a code made, which takes the processor some time.
var codeRate = door.Rate{PerSecond: 1, Burst: 30}

// codeRequest asks for a code.
type codeRequest struct {
	UserID      string `json:"userId"`
	DisplayName string `json:"displayName"`
}

// codeAnswer is what a host reads out to whoever is at the podium.
type codeAnswer struct {
	Code        string     `json:"code"`
	ExpiresAt   stage.Time `json:"expiresAt"`
	UserID      string     `json:"userId"`
	DisplayName string     `json:"displayName"`
}

// podiumView is an enrolled podium as a host sees it.
type podiumView struct {
	UserID      string     `json:"userId"`
	DisplayName string     `json:"displayName"`
	EnrolledAt  stage.Time `json:"enrolledAt"`
	By          string     `json:"by"`
	Connected   bool       `json:"connected"`
}

// hosting lets a host of the meeting in.
func (s *Server) hosting(w http.ResponseWriter, r *http.Request, do func(*meeting, stage.Actor)) {
	s.inMeeting(w, r, func(m *meeting, a stage.Actor) {
		if refused := onlyHosts(a, "enrolling podiums"); refused != nil {
			writeRefusal(w, stageError(refused))
			return
		}
		do(m, a)
	})
}

// serveNewCode makes a code for a podium to be enrolled with.
func (s *Server) serveNewCode(w http.ResponseWriter, r *http.Request) {
	s.hosting(w, r, func(m *meeting, a stage.Actor) {
		var asked codeRequest
		params, bad := readBody(w, r)
		if bad == nil {
			bad = decodeParams(params, &asked, "userId", "displayName")
		}
		if bad == nil && (utf8.RuneCountInString(asked.UserID) > maxNameLength || utf8.RuneCountInString(asked.DisplayName) > maxNameLength) {
			bad = &rpcError{Code: rpcInvalidParams, Message: "params: userId and displayName have 128 characters at most"}
		}
		if bad == nil && (asked.UserID == "." || asked.UserID == "..") {
			bad = &rpcError{Code: rpcInvalidParams, Message: `params: userId stands in URLs, where "." and ".." mean another place`}
		}
		if bad != nil {
			writeRefusal(w, bad)
			return
		}
		if wait := s.limits.codes.Take(caller{m.name, a.UserID}); wait > 0 {
			writeRefusal(w, wayTooMany("too many codes", wait))
			return
		}
		code, now := enrol.NewCode(), time.Now()
		one, err := s.podiums.invite(enrol.KeyOf(code), enrol.Podium{Meeting: m.name, UserID: asked.UserID, Name: asked.DisplayName, By: a.UserID}, now)
		if err != nil {
			writeRefusal(w, wayTooMany(err.Error(), time.Minute))
			return
		}
		writeJSON(w, http.StatusOK, codeAnswer{code, stage.Time{Time: now.Add(enrol.Lasts)}, one.UserID, one.Name})
	})
}

// servePodiums lists the enrolled podiums.
func (s *Server) servePodiums(w http.ResponseWriter, r *http.Request) {
	s.hosting(w, r, func(m *meeting, _ stage.Actor) {
		list := []podiumView{}
		for _, p := range s.podiums.list(m.name) {
			list = append(list, podiumView{p.UserID, p.Name, stage.Time{Time: p.EnrolledAt}, p.By, s.connected(p.ID)})
		}
		writeJSON(w, http.StatusOK, list)
	})
}

// serveWithdraw takes a podium's credential from it: it goes off the stage, and its
// connections end.
func (s *Server) serveWithdraw(w http.ResponseWriter, r *http.Request) {
	s.hosting(w, r, func(m *meeting, a stage.Actor) {
		userID := r.PathValue("user")
		switch err := s.podiums.withdraw(m.name, userID); {
		case errors.Is(err, errNoPodium):
			writeError(w, http.StatusNotFound, err.Error())
			return
		case err != nil:
			writeError(w, http.StatusInternalServerError, err.Error())
			return
		}
		m.settled(func(now time.Time) stage.Outcome {
			_, out, _ := m.rules.Host(a, stage.Kick, stage.Targets{UserIDs: []string{userID}}, now) // who is not on stage need not go
			return out
		})
		s.hangUpWithdrawn()
		s.log.Info("podium withdrawn", "meeting", m.name, "user", userID, "by", a.UserID)
		w.WriteHeader(http.StatusNoContent)
	})
}

// connected reports whether a credential is in use.
func (s *Server) connected(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		if c.claims.ID == id {
			return true
		}
	}
	return false
}

// hangUpWithdrawn ends the connections whose credential is no good any more.
func (s *Server) hangUpWithdrawn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		if !s.podiums.holds(c.claims) {
			c.hangUp()
		}
	}
}

// serveEnrol gives a podium its credential for a code.
func (s *Server) serveEnrol(w http.ResponseWriter, r *http.Request) {
	if wait := s.limits.guesses.Wait(door.From(r)); wait > 0 {
		writeRefusal(w, wayTooMany("too many wrong codes from your address", wait))
		return
	}
	var asked enrol.Request
	params, bad := readBody(w, r)
	if bad == nil {
		bad = decodeParams(params, &asked, "nonce", "proof")
	}
	if bad == nil && len(asked.Nonce) < enrol.NonceLength {
		bad = &rpcError{Code: rpcInvalidParams, Message: "params: nonce has 16 bytes at least, in base64"}
	}
	if bad != nil {
		writeRefusal(w, bad)
		return
	}
	fingerprints := []string{""}
	if s.cfg.Fingerprint != nil {
		fingerprints = append(fingerprints, s.cfg.Fingerprint())
	}
	now := time.Now()
	one, key, err := s.podiums.take(asked.Nonce, asked.Proof, fingerprints, rand.Text(), now)
	switch {
	case errors.Is(err, enrol.ErrUnknown):
		_ = s.limits.guesses.Take(door.From(r))
		s.log.Warn("a podium was refused: wrong code", "address", door.From(r).String())
		writeError(w, http.StatusForbidden, err.Error())
		return
	case err != nil:
		writeError(w, http.StatusInternalServerError, "cannot enrol the podium: "+err.Error()+"; make a new code when that is mended")
		return
	}
	credential, err := newCredential(s.cfg.Key, one, now)
	if err != nil {
		writeError(w, http.StatusInternalServerError, err.Error())
		return
	}
	s.hangUpWithdrawn() // the former device of this name
	s.log.Info("podium enrolled", "meeting", one.Meeting, "user", one.UserID, "by", one.By)
	writeJSON(w, http.StatusOK, enrol.Answer{
		Meeting: one.Meeting, UserID: one.UserID, Name: one.Name, Credential: credential, Proof: key.Answers(asked.Nonce, credential),
	})
}
