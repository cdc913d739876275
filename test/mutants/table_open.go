package main

// The properties about what opens the gate: 1 to 4.

func nothingBeforeAGrant() property {
	return property{1, "Nothing before a grant",
		"Before a grant nothing leaves the podium: no media, no reports about media. Camera and microphone are not even opened, so that their own lights stay dark.",
		[]mutant{
			{"a podium that has no turn keeps its gate closed", "appliance/gate.go",
				`say(!s.turn.on, CauseNoTurn,`, `say(false, CauseNoTurn,`,
				in("appliance", "TestANewPodiumIsClosed", "TestEachCauseClosesTheGate")},
			{"a gate is born closed", "publish/gate.go",
				"\tg.resting.Store(true)\n\treturn g", "\tg.resting.Store(true)\n\tg.opened, g.until = true, now().Add(time.Hour)\n\treturn g",
				in("publish", "TestGateIsOpenOnce")},
			{"a closed gate lets no packet pass", "publish/gate.go",
				"\tif g.look() != \"\" {\n\t\treturn false\n\t}\n\tg.inside++", "\tg.inside++",
				in("publish", "TestGateIsOpenOnce", "TestShutGateHoldsWhatIsAskedForAgain")},
			{"no reports leave about packets that do not", "publish/gate.go",
				"return interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, a interceptor.Attributes) (int, error) {\n\t\tif !g.enter() {\n\t\t\treturn 0, nil\n\t\t}\n\t\tdefer g.leave()",
				"return interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, a interceptor.Attributes) (int, error) {",
				in("publish", "TestGateIsOpenOnce")},
			{"a device is opened by a publication, not before", "publish/capturing.go",
				"\td.free <- struct{}{}\n\treturn d", "\td.free <- struct{}{}\n\tgo open()\n\treturn d",
				in("publish", "TestPublicationFromOpenToClose", "TestNoDeviceAtAll")},
		}}
}

func startsClosed() property {
	return property{2, "A new start is closed",
		"A new process, a new connection, a new device and a new configuration start closed. A grant never outlives its process; a lost connection it outlives only inside the lease.",
		[]mutant{
			{"a turn of an earlier process is given up", "appliance/server.go",
				"\tcase s.status == stage.OnStage && s.isOurs(j.PublisherPeerID):\n\t\ts.getOff(now)", "\tcase s.status == stage.OnStage && s.isOurs(j.PublisherPeerID):\n\t\ts.turn = turn{on: true}\n\t\ts.publish(now)",
				in("appliance", "TestAnInheritedTurnIsGivenUpAndATwinLeftAlone")},
			{"a turn that another device has taken ends here", "appliance/server.go",
				"\tdefault:\n\t\ts.endTurn(Reason{CauseElsewhere, \"another device of this participant has the stage\"})\n\t\treturn", "\tdefault:\n\t\treturn",
				in("appliance", "TestBackWithinTheLease")},
			{"a turn that fell while the podium was away does not go on", "appliance/gate.go",
				`say(s.turn.on && s.status != stage.OnStage, CauseNotOnStage,`, `say(false && s.status != stage.OnStage, CauseNotOnStage,`,
				in("appliance", "TestTheTurnFellWhileAway", "TestEachCauseClosesTheGate")},
			{"a join that was asked for is not carried over a lost connection", "appliance/core.go",
				"\t\ts.ask, s.consent, s.giveUp = ask{}, false, true\n", "",
				in("appliance", "TestAJoinIsNotCarriedOverALostConnection")},
			{"an unanswered press lapses, and is never sent minutes later", "appliance/core.go",
				"\tif s.ask.method != \"\" && !now.Before(s.ask.until) {\n\t\ts.lapse(now)\n\t}", "",
				in("appliance", "TestAPressWhileAwayLapses")},
		}}
}

func staysClosed() property {
	return property{3, "What was closed stays closed",
		"Plugging a device in, changing it, going on after an error, another bit rate or format: none of it opens the gate. A gate opens once and is shut for good; to go on is a new publication.",
		[]mutant{
			{"a gate that was shut is not opened again", "publish/gate.go",
				"\tif !g.opened && g.why == \"\" {\n\t\tg.opened, g.until = true, until\n\t}", "\tg.opened, g.until, g.why = true, until, \"\"",
				in("publish", "TestGateIsOpenOnce")},
			{"a permit that has run out is not renewed", "publish/gate.go",
				"\tif g.look() == \"\" {\n\t\tg.until = until\n\t}", "\tg.until, g.why = until, \"\"",
				in("publish", "TestNothingLeavesWithoutAPermit", "TestOpenedTooLate", "TestGateSaysWhyItIsClosed")},
			{"a connection that fails shuts its gate", "publish/publication.go",
				"\tb.gate.shut(PlaceLost)\n", "",
				in("publish", "TestServerEndsTheConnection", "TestUnreachableServer")},
			{"a place is handed to the gate once", "appliance/core.go",
				"\t\ts.turn.opened = true\n\t\ts.do(OpenGate{Place: *s.turn.place})", "\t\ts.do(OpenGate{Place: *s.turn.place})",
				in("appliance", "TestAPressGoesOnAir", "TestLoop")},
			{"a turn that goes on silently has closed its gate", "appliance/publication.go",
				"= nil, false, false\n\ts.do(CloseGate{Why: why})", "= nil, false, false",
				in("appliance", "TestAChairSuspendsTheTurnAndLetsItGoOn")},
		}}
}

func nobodyElseOpens() property {
	return property{4, "Nobody else opens",
		"No act of another participant opens the gate. An invitation, a forced ON_STAGE from the server and a repeated grant all need this speaker's press.",
		[]mutant{
			{"an approval goes live only after this speaker's press", "appliance/server.go",
				`if s.consent && !s.Options.PressToJoin && s.ask.method == "" {`, `if !s.Options.PressToJoin && s.ask.method == "" {`,
				in("appliance", "TestNobodyElseTakesTheStage")},
			{"an invitation takes the press for another turn away", "appliance/server.go",
				"\tdefault: // an invitation\n\t\ts.consent = false", "\tdefault: // an invitation\n\t\ts.call(stage.Join, now)",
				in("appliance", "TestNobodyElseOpensTheGate")},
			{"an invitation is no answer to a press", "appliance/grant.go",
				"\tif a.Invited {\n\t\ts.consent = false\n\t}", "",
				in("appliance", "TestAnInvitationIsNoAnswerToAPress")},
			{"a join without a press is taken back", "appliance/server.go",
				"if !s.consent { // what was pressed for was taken back", "if false { // what was pressed for was taken back",
				in("appliance", "TestAJoinThatLandsOnAnotherGrantIsTakenBack")},
			{"a press that waited is for the grant that was shown", "appliance/server.go",
				"(known || wanted != stage.Accepted)", "true",
				in("appliance", "TestAPressWithoutAConnectionIsForTheGrantThatWasShown")},
			{"a press is for one turn", "appliance/server.go",
				"\t\ts.consent = false // it was for this turn\n", "",
				in("appliance", "TestConsentIsForOneTurn")},
			{"a host's grant puts nobody on stage", "stage/transitions.go",
				"GrantAccess: {OffStage: {To: Accepted, Reason: ReasonInvited}", "GrantAccess: {OffStage: {To: OnStage, Reason: ReasonInvited}",
				append(in("stage", "TestHostMethods"), in("stage/server", "FuzzConn")...)},
			{"whatever the server says, nothing opens where nobody presses", "appliance/server.go",
				"\tcase s.turn.on: // settle closes it", "\tcase !s.turn.on && s.status == stage.OnStage:\n\t\ts.turn = turn{on: true, place: &stage.Place{}}\n\tcase s.turn.on: // settle closes it",
				append(in("internal/service", "FuzzServer"), in("appliance", "TestAnInheritedTurnIsGivenUpAndATwinLeftAlone")...)},
		}}
}
