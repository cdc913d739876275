package kit

const allSettings = `{"stageEnabled":true,"mode":"request","stageLimit":0,"queueLimit":0,"requestsClosed":true,"media":["audio","video"],"grantExpiryMs":60000,"speakingTimeMs":0,"speakingWarningMs":30000,"speakingEnd":"warn","rejectionWaitMs":0,"priority":"suspend"}`

// steps go once through all that two people can do to each other.
var steps = []step{
	{
		name: "request", call: `meeting.stage.requestAccess()`,
		ada: `
			stage.stageStatusUpdate "REQUESTED_TO_JOIN_STAGE",{"previous":"OFF_STAGE","reason":"requested","position":1}`,
		chair: `
			stage.stageAccessRequestUpdate [{"displayName":"ADA","userId":"ada","position":1}]
			stage.newStageRequest {"count":1,"request":{"displayName":"ADA","userId":"ada","position":1}}
			joined.stageStatusUpdate "ada","REQUESTED_TO_JOIN_STAGE","OFF_STAGE",{"reason":"requested"}`,
	},
	{
		name: "request again", call: `meeting.stage.requestAccess().catch((e) => heard.push(['call', 'rejected', e.code, e.name]))`,
		ada: `
			call.rejected "2006","StageError"`,
	},
	{
		name: "cancel", call: `meeting.stage.cancelRequestAccess()`,
		ada: `
			stage.stageStatusUpdate "OFF_STAGE",{"previous":"REQUESTED_TO_JOIN_STAGE","reason":"cancelled"}`,
		chair: `
			stage.stageAccessRequestUpdate []
			joined.stageStatusUpdate "ada","OFF_STAGE","REQUESTED_TO_JOIN_STAGE",{"reason":"cancelled"}`,
	},
	{
		name: "request", call: `meeting.stage.requestAccess()`,
		ada: `
			stage.stageStatusUpdate "REQUESTED_TO_JOIN_STAGE",{"previous":"OFF_STAGE","reason":"requested","position":1}`,
		chair: `
			stage.stageAccessRequestUpdate [{"displayName":"ADA","userId":"ada","position":1}]
			stage.newStageRequest {"count":1,"request":{"displayName":"ADA","userId":"ada","position":1}}
			joined.stageStatusUpdate "ada","REQUESTED_TO_JOIN_STAGE","OFF_STAGE",{"reason":"requested"}`,
	},
	{
		name: "clear", host: true, call: `meeting.stage.clearRequests()`,
		ada: `
			stage.stageRequestRejected {"reason":"cleared"}
			stage.stageStatusUpdate "OFF_STAGE",{"previous":"REQUESTED_TO_JOIN_STAGE","reason":"cleared","by":"chair"}`,
		chair: `
			stage.stageAccessRequestUpdate []
			joined.stageStatusUpdate "ada","OFF_STAGE","REQUESTED_TO_JOIN_STAGE",{"reason":"cleared","by":"chair"}`,
	},
	{
		name: "request", call: `meeting.stage.requestAccess()`,
		ada: `
			stage.stageStatusUpdate "REQUESTED_TO_JOIN_STAGE",{"previous":"OFF_STAGE","reason":"requested","position":1}`,
		chair: `
			stage.stageAccessRequestUpdate [{"displayName":"ADA","userId":"ada","position":1}]
			stage.newStageRequest {"count":1,"request":{"displayName":"ADA","userId":"ada","position":1}}
			joined.stageStatusUpdate "ada","REQUESTED_TO_JOIN_STAGE","OFF_STAGE",{"reason":"requested"}`,
	},
	{
		name: "next, sound only, a minute", host: true, call: `meeting.stage.grantNext({ media: ['audio'], speakingTimeMs: 60000 })`,
		ada: `
			stage.stageRequestApproved {"invited":false,"media":["audio"]}
			stage.stageStatusUpdate "ACCEPTED_TO_JOIN_STAGE",{"previous":"REQUESTED_TO_JOIN_STAGE","reason":"approved","by":"chair"}`,
		chair: `
			stage.stageAccessRequestUpdate []
			joined.stageStatusUpdate "ada","ACCEPTED_TO_JOIN_STAGE","REQUESTED_TO_JOIN_STAGE",{"reason":"approved","by":"chair"}`,
	},
	{
		name: "join", call: `meeting.stage.join()`,
		ada: `
			stage.stageStatusUpdate "ON_STAGE",{"previous":"ACCEPTED_TO_JOIN_STAGE","reason":"joined"}
			stage.stageTimeUpdate {"phase":"running","limitMs":60000}`,
		chair: `
			active.participantJoined "ada"
			joined.stageStatusUpdate "ada","ON_STAGE","ACCEPTED_TO_JOIN_STAGE",{"reason":"joined"}`,
	},
	{
		name: "priority", host: true, call: `meeting.stage.setPriority(true)`,
		ada: `
			stage.stageSuspended {"suspended":true,"by":"chair"}
			stage.stageTimeUpdate {"phase":"paused","limitMs":60000}
			stage.stagePriorityUpdate {"held":true,"userId":"chair","displayName":"CHAIR"}`,
		chair: `
			stage.stagePriorityUpdate {"held":true,"userId":"chair","displayName":"CHAIR"}
			joined.turnUpdate "ada"`,
	},
	{
		name: "no priority", host: true, call: `meeting.stage.setPriority(false)`,
		ada: `
			stage.stageSuspended {"suspended":false,"by":"chair"}
			stage.stageTimeUpdate {"phase":"running","limitMs":60000}
			stage.stagePriorityUpdate {"held":false,"userId":"","displayName":""}`,
		chair: `
			stage.stagePriorityUpdate {"held":false,"userId":"","displayName":""}
			joined.turnUpdate "ada"`,
	},
	{
		name: "identify", host: true, call: `meeting.stage.identify(['ada'], 5000)`,
		ada: `
			stage.stageIdentify {"durationMs":5000,"by":"chair"}`,
	},
	{
		name: "settings", host: true, call: `meeting.updateSettings({ requestsClosed: true })`,
		ada: `
			meeting.settingsUpdate ` + allSettings + `,"chair"`,
		chair: `
			meeting.settingsUpdate ` + allSettings + `,"chair"`,
	},
	{
		name: "kick", host: true, call: `meeting.stage.kick(['ada'])`,
		ada: `
			stage.stageRemoved {"reason":"removed","by":"chair"}
			stage.stageStatusUpdate "OFF_STAGE",{"previous":"ON_STAGE","reason":"removed","by":"chair"}`,
		chair: `
			active.participantLeft "ada"
			joined.stageStatusUpdate "ada","OFF_STAGE","ON_STAGE",{"reason":"removed","by":"chair"}`,
	},
	{
		name: "request while closed", call: `meeting.stage.requestAccess().catch((e) => heard.push(['call', 'rejected', e.code, e.name]))`,
		ada: `
			call.rejected "2102","StageError"`,
	},
	{
		name: "invite", host: true, call: `meeting.stage.grantAccess(['ada'])`,
		ada: `
			stage.stageRequestApproved {"invited":true,"media":["audio","video"]}
			stage.stageStatusUpdate "ACCEPTED_TO_JOIN_STAGE",{"previous":"OFF_STAGE","reason":"invited","by":"chair"}`,
		chair: `
			joined.stageStatusUpdate "ada","ACCEPTED_TO_JOIN_STAGE","OFF_STAGE",{"reason":"invited","by":"chair"}`,
	},
	{
		name: "decline", call: `meeting.stage.leave()`,
		ada: `
			stage.stageStatusUpdate "OFF_STAGE",{"previous":"ACCEPTED_TO_JOIN_STAGE","reason":"declined"}`,
		chair: `
			joined.stageStatusUpdate "ada","OFF_STAGE","ACCEPTED_TO_JOIN_STAGE",{"reason":"declined"}`,
	},
	{
		name: "one of two unknown", host: true, call: `meeting.stage.grantAccess(['ada', 'nobody']).catch((e) => heard.push(['call', 'rejected', e.code, e.results.map((r) => r.ok)]))`,
		ada: `
			stage.stageRequestApproved {"invited":true,"media":["audio","video"]}
			stage.stageStatusUpdate "ACCEPTED_TO_JOIN_STAGE",{"previous":"OFF_STAGE","reason":"invited","by":"chair"}`,
		chair: `
			call.rejected "2104",[true,false]
			joined.stageStatusUpdate "ada","ACCEPTED_TO_JOIN_STAGE","OFF_STAGE",{"reason":"invited","by":"chair"}`,
	},
	{
		name: "revoke", host: true, call: `meeting.stage.denyAccess(['ada'], { expect: 'ACCEPTED_TO_JOIN_STAGE' })`,
		ada: `
			stage.stageRequestRejected {"reason":"revoked"}
			stage.stageStatusUpdate "OFF_STAGE",{"previous":"ACCEPTED_TO_JOIN_STAGE","reason":"revoked","by":"chair"}`,
		chair: `
			joined.stageStatusUpdate "ada","OFF_STAGE","ACCEPTED_TO_JOIN_STAGE",{"reason":"revoked","by":"chair"}`,
	},
	{
		name: "too late", host: true, call: `meeting.stage.denyAccess(['ada'], { expect: 'ACCEPTED_TO_JOIN_STAGE' }).catch((e) => heard.push(['call', 'rejected', e.code]))`,
		chair: `
			call.rejected "2006"`,
	},
}
