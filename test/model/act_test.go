package model

import (
	"time"

	"pgregory.net/rapid"

	"podium/appliance"
	"podium/stage"
)

func (w *world) site() *site { return rapid.SampledFrom(w.sites).Draw(w.t, "site") }

var spans = rapid.SampledFrom([]time.Duration{
	20 * time.Millisecond, 200 * time.Millisecond, time.Second, 1900 * time.Millisecond, 3 * time.Second, 5 * time.Second, 8 * time.Second,
})

func (w *world) span() time.Duration { return spans.Draw(w.t, "span") }

// acts is what may happen by choice. Names that come first in the alphabet are
// drawn a little more often.
func (w *world) acts() map[string]func(*rapid.T) {
	table := map[string]func(){
		"a press": w.press, "b press": w.press, "d cancel": w.cancel, "a wait": w.wait, "b wait": w.wait, "c wait": w.wait,
		"b host": w.host, "c host": w.host, "c next": w.grantNext, "e chair": w.chair, "f settings": w.settings, "g clear": w.clear, "g identify": w.identify,
		"d cut": w.cutLine, "d heal": w.healLine, "e break": w.breakConnection, "e delay": w.changeDelay,
		"e media": w.cutMedia, "e devices": w.stallDevices, "f engine": w.engineLoses, "f thief": w.thief,
		"f hang": w.hang, "f freeze": w.freeze, "f kill": w.kill, "g stop": w.stop,
		"f server": w.restart, "g server": w.freezeServer, "g disk": w.disk,
	}
	acts := make(map[string]func(*rapid.T), len(table)+1)
	for name, act := range table {
		acts[name] = func(t *rapid.T) {
			w.t = t
			w.count()
			w.note("act", name, nil)
			act()
			w.media()
		}
	}
	acts[""] = func(t *rapid.T) { w.t = t; w.server.checkRules() }
	return acts
}

func (w *world) wait() { w.pass(w.now + w.span()) }

// press is the speaker's request button. Now and then it is held long.
func (w *world) press() {
	s := w.site()
	s.tell(message{event: appliance.Press{Button: appliance.ButtonRequest}})
	if rapid.IntRange(0, 9).Draw(w.t, "long") == 9 {
		s.tell(message{event: appliance.Press{Button: appliance.ButtonRequest, Long: true}})
	}
}

func (w *world) cancel() {
	w.site().tell(message{event: appliance.Press{Button: appliance.ButtonCancel}})
}

// boss is one of two hosts, who reach the server by a way of their own.
func (w *world) boss() stage.Actor {
	return stage.Actor{UserID: rapid.SampledFrom([]string{"boss", "chair"}).Draw(w.t, "boss"), Preset: stage.Presets["host"]}
}

var hostMethods = rapid.SampledFrom([]stage.Method{stage.GrantAccess, stage.GrantAccess, stage.GrantAccess, stage.DenyAccess, stage.Kick})

func (w *world) host() {
	if !w.server.runs() {
		return
	}
	method, user := hostMethods.Draw(w.t, "method"), rapid.SampledFrom(users).Draw(w.t, "user")
	w.note("host", string(method), user)
	_, out, _ := w.server.rules.Host(w.boss(), method, stage.Targets{UserIDs: []string{user}}, w.server.local())
	w.server.carryOut(out, nil)
}

func (w *world) grantNext() {
	if w.server.runs() {
		_, out, _ := w.server.rules.GrantNext(w.boss(), stage.Targets{}, w.server.local())
		w.server.carryOut(out, nil)
	}
}

func (w *world) clear() {
	if w.server.runs() {
		_, out, _ := w.server.rules.ClearRequests(w.boss(), w.server.local())
		w.server.carryOut(out, nil)
	}
}

func (w *world) chair() {
	if w.server.runs() {
		_, out, _ := w.server.rules.SetPriority(w.boss(), rapid.Bool().Draw(w.t, "held"), w.server.local())
		w.server.carryOut(out, nil)
	}
}

func (w *world) identify() {
	if w.server.runs() {
		_, out, _ := w.server.rules.Identify(w.boss(), stage.IdentifyParams{UserIDs: users}, w.server.local())
		w.server.carryOut(out, nil)
	}
}

func (w *world) settings() {
	if !w.server.runs() {
		return
	}
	var p stage.SettingsPatch
	switch rapid.IntRange(0, 4).Draw(w.t, "setting") {
	case 0:
		mode := rapid.SampledFrom(stage.Modes).Draw(w.t, "mode")
		p.Mode = &mode
	case 1:
		limit := rapid.IntRange(0, 2).Draw(w.t, "limit")
		p.StageLimit = &limit
	case 2:
		expiry := rapid.SampledFrom([]int64{0, 2000, 60_000}).Draw(w.t, "expiry")
		p.GrantExpiryMs = &expiry
	case 3:
		length, end := rapid.SampledFrom([]int64{0, 3000}).Draw(w.t, "speaking time"), stage.EndOff
		p.SpeakingTimeMs, p.SpeakingEnd = &length, &end
	default:
		effect := rapid.SampledFrom([]stage.PriorityEffect{stage.PrioritySuspend, stage.PriorityRemove}).Draw(w.t, "effect")
		enabled := rapid.IntRange(0, 2).Draw(w.t, "enabled") < 2
		p.Priority, p.StageEnabled = &effect, &enabled
	}
	_, out, _ := w.server.rules.UpdateSettings(w.boss(), p, w.server.local())
	w.server.carryOut(out, nil)
}
