package server

import (
	"encoding/json"
	"time"

	"podium/stage"
)

// hostStep is one call of those that decide for others, with its parameters
// read: a step of the rules.
type hostStep func(rules *stage.Meeting, a stage.Actor, now time.Time) (result any, out stage.Outcome, refused *stage.Error)

// hostCalls reads the parameters of each of these methods; the WebSocket and
// REST share it, so that both take and answer the same.
var hostCalls = map[stage.Method]func(json.RawMessage) (hostStep, *rpcError){
	stage.GrantAccess:       decision(stage.GrantAccess, keyUsers, keyExpect, keyMedia, keySpeaking),
	stage.DenyAccess:        decision(stage.DenyAccess, keyUsers, keyExpect),
	stage.Kick:              decision(stage.Kick, keyUsers, keyExpect),
	stage.GetAccessRequests: getAccessRequests,
	stage.GrantNext:         grantNext,
	stage.ClearRequests:     clearRequests,
	stage.SetPriority:       setPriority,
	stage.Identify:          identify,
	stage.GetSettings:       getSettings,
	stage.UpdateSettings:    updateSettings,
}

func decision(method stage.Method, keys ...string) func(json.RawMessage) (hostStep, *rpcError) {
	return func(params json.RawMessage) (hostStep, *rpcError) {
		targets, bad := readTargets(params, keys...)
		return targetStep(func(rules *stage.Meeting, a stage.Actor, now time.Time) ([]stage.TargetResult, stage.Outcome, *stage.Error) {
			return rules.Host(a, method, targets, now)
		}), bad
	}
}

// targetStep gives the results of a step their wire form.
func targetStep(do func(*stage.Meeting, stage.Actor, time.Time) ([]stage.TargetResult, stage.Outcome, *stage.Error)) hostStep {
	return func(rules *stage.Meeting, a stage.Actor, now time.Time) (any, stage.Outcome, *stage.Error) {
		results, out, refused := do(rules, a, now)
		if results == nil {
			results = []stage.TargetResult{}
		}
		return stage.TargetResults{Results: results}, out, refused
	}
}

func getAccessRequests(params json.RawMessage) (hostStep, *rpcError) {
	return func(rules *stage.Meeting, a stage.Actor, _ time.Time) (any, stage.Outcome, *stage.Error) {
		return stage.RequestList{StageRequests: rules.Requests()}, stage.Outcome{}, rules.MayHost(a, stage.GetAccessRequests)
	}, readNothing(params)
}

func grantNext(params json.RawMessage) (hostStep, *rpcError) {
	targets, bad := readTargets(params, keyMedia, keySpeaking)
	return targetStep(func(rules *stage.Meeting, a stage.Actor, now time.Time) ([]stage.TargetResult, stage.Outcome, *stage.Error) {
		return rules.GrantNext(a, targets, now)
	}), bad
}

func clearRequests(params json.RawMessage) (hostStep, *rpcError) {
	return targetStep((*stage.Meeting).ClearRequests), readNothing(params)
}

func setPriority(params json.RawMessage) (hostStep, *rpcError) {
	held, bad := readPriority(params)
	return func(rules *stage.Meeting, a stage.Actor, now time.Time) (any, stage.Outcome, *stage.Error) {
		return wire(rules.SetPriority(a, held, now))
	}, bad
}

// wire widens the answer of a step of the rules to what the wire takes.
func wire[T any](result T, out stage.Outcome, refused *stage.Error) (any, stage.Outcome, *stage.Error) {
	return result, out, refused
}

func identify(params json.RawMessage) (hostStep, *rpcError) {
	p, bad := readIdentify(params)
	return targetStep(func(rules *stage.Meeting, a stage.Actor, now time.Time) ([]stage.TargetResult, stage.Outcome, *stage.Error) {
		return rules.Identify(a, p, now)
	}), bad
}

func getSettings(params json.RawMessage) (hostStep, *rpcError) {
	return func(rules *stage.Meeting, _ stage.Actor, _ time.Time) (any, stage.Outcome, *stage.Error) {
		return stage.SettingsResult{Settings: rules.Settings()}, stage.Outcome{}, nil
	}, readNothing(params)
}

func updateSettings(params json.RawMessage) (hostStep, *rpcError) {
	patch, bad := readPatch(params)
	return func(rules *stage.Meeting, a stage.Actor, now time.Time) (any, stage.Outcome, *stage.Error) {
		settings, out, refused := rules.UpdateSettings(a, patch, now)
		return stage.SettingsResult{Settings: settings}, out, refused
	}, bad
}
