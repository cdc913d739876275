package main

// The properties about what closes the gate, and what shows it: 5 to 9.

func closesFirst() property {
	return property{5, "Closing is local and comes first",
		"Cancel, a kick, the end of the lease, the end of the daemon and a failure stop the packets before anything is said to the network. The last packet leaves at most 20 ms after the deciding event, and the devices are closed.",
		[]mutant{
			{"cancel closes before it tells the server", "appliance/press.go",
				"\t\ts.endTurn(Reason{CauseCancelled, \"the speaker pressed cancel\"})\n\t\ts.getOff(now)", "\t\ts.getOff(now)",
				in("appliance", "TestCancelIsSilenceFirst")},
			{"closing goes before all else that a step asks for", "appliance/state.go",
				"\t\ts.effects = slices.Insert(s.effects, 0, e)\n", "\t\ts.effects = append(s.effects, e)\n",
				in("appliance", "TestClosingGoesFirst")},
			{"the end of the daemon closes", "appliance/core.go",
				"\tcase Stop:\n\t\ts.stopping = true", "\tcase Stop:",
				in("appliance", "TestStopCloses", "TestStopClosesTheGateAndDarkensTheLamps")},
			{"closing shuts the gate at once", "publish/publication.go",
				"idle := b.gate.shut(Closed)", "idle := b.gate.idle",
				in("publish", "TestNothingLeavesAfterClose")},
			{"what is asked for again does not leave by a shut gate", "publish/codec.go",
				"[]interceptor.Factory{g, estimating, numbering, resending, reporting}", "[]interceptor.Factory{resending, estimating, numbering, reporting, g}",
				in("publish", "TestShutGateHoldsWhatIsAskedForAgain")},
			{"closing closes the devices", "publish/capturing.go",
				"\t\t<-over.Done()\n\t\tc.close(source)", "\t\t<-over.Done()",
				in("publish", "TestPublicationFromOpenToClose")},
		}}
}

func lease() property {
	return property{6, "The lease",
		"When nothing was heard from the server for the lease's length the podium is closed, whatever the media path still does. The server and its media engine end a silent podium's turn by the same rule, each on its own clock; a machine that slept was silent.",
		[]mutant{
			{"the end of the lease ends the turn", "appliance/gate.go",
				`say(s.turn.on && !now.Before(s.leaseEnd()), CauseLeaseOver,`, `say(false, CauseLeaseOver,`,
				in("appliance", "TestEachCauseClosesTheGate")},
			{"it is looked at before a late word is taken", "appliance/core.go",
				"\tif s.turn.on && !now.Before(s.leaseEnd()) {", "\tif false {",
				in("appliance", "TestALateWordRevivesNothing")},
			{"no permit outlasts it", "appliance/gate.go",
				"\tif end := s.leaseEnd(); end.Before(until) {\n\t\tuntil = end\n\t}\n", "",
				in("appliance", "TestNoPermitOutlastsTheLease")},
			{"it counts from when the server was heard", "appliance/core.go",
				"if at.IsZero() || at.After(now) {", "if true {",
				in("appliance", "TestWhatWasHeardEarlierDoesNotRenewTheLeaseFromNow")},
			{"a connection outside the meeting renews nothing", "appliance/core.go",
				"if s.connected { // a connection", "if true { // a connection",
				in("appliance", "TestAConnectionOutsideTheMeetingRenewsNothing")},
			{"a lease that no server has is refused", "stage/client/session.go",
				"joined.LeaseMs < 0 || joined.LeaseMs > longestLease.Milliseconds()", "joined.LeaseMs < 0",
				in("stage/client", "FuzzJoined")},
			{"the server ends the turn of a lost connection", "stage/lease.go",
				"if ended(p.pubUntil, now) {", "if false {",
				in("stage", "TestPublisherLostWithAnotherAlive")},
			{"the server's lease begins with the loss", "stage/silence.go",
				"until := sooner(silent, now).Add(m.opts.Lease)", "until := sooner(silent, now).Add(2 * m.opts.Lease)",
				in("stage", "TestPublisherLostWithAnotherAlive")},
			{"the server cuts the media after one lease of silence", "stage/silence.go",
				"p.pubUntil, p.airUntil = until, silent", "p.pubUntil, p.airUntil = until, until",
				in("stage", "TestSilenceCutsTheMediaAtTheFirstLease")},
			{"a server that slept has heard nobody", "stage/silence.go",
				"if d >= m.opts.Lease {", "if false {",
				in("stage", "TestASleepIsSilence")},
			{"the media engine cuts a publisher that is not heard", "stage/room/watch.go",
				"\t\tp.lose(\"nothing heard for \" + p.slot.room.conf.Lease.String())\n", "",
				in("stage/room", "TestASilentPublisherIsCutForItsSilence")},
		}}
}

func lampsTellTheTruth() property {
	return property{7, "The red lamp tells the truth",
		"Lamp and gate come from the same state. The red lamp is never off while packets leave, and never steady while none do; it may be wrong for at most 250 ms.",
		[]mutant{
			{"red comes from packets that leave, not from the turn", "appliance/lamps.go",
				"case s.turn.on && s.flowing:", "case s.turn.on:",
				in("appliance", "TestAPressGoesOnAir")},
			{"red is on while packets leave", "appliance/lamps.go",
				"lamps := Lamps{Red: lamp.On, Green: lamp.Off}", "lamps := Lamps{Red: lamp.Off, Green: lamp.Off}",
				in("appliance", "TestAPressGoesOnAir")},
			{"a late word of a closed gate lights nothing", "appliance/publication.go",
				"s.flowing = on && s.turn.opened", "s.flowing = on",
				in("appliance", "TestALateFlowOfAClosedGateIsNoTally")},
			{"looking for a podium hides no microphone", "appliance/lamps.go",
				"\tcase s.turn.on && s.flowing:\n\t\treturn s.tally(now)\n", "\tcase s.identifying(now):\n\t\treturn Lamps{Red: lamp.Fast, Green: lamp.FastInverse}\n\tcase s.turn.on && s.flowing:\n\t\treturn s.tally(now)\n",
				in("appliance", "TestIdentifyHidesNoMicrophone")},
			{"a podium whose lamps cannot be driven is not live", "appliance/gate.go",
				"say(s.isDark(), CauseNoLamps,", "say(false, CauseNoLamps,",
				in("appliance", "TestEachCauseClosesTheGate", "TestDarkLampsKeepTheGateShut")},
			{"only packets that were written count", "publish/gate.go",
				"\tif n <= 0 {\n\t\treturn\n\t}", "",
				in("publish", "TestGateCountsOnlyWhatWasWritten")},
			{"the end of the flow is told within 250 ms", "publish/flow.go",
				"const quiet = 230 * time.Millisecond", "const quiet = 2300 * time.Millisecond",
				in("publish", "TestFlow")},
		}}
}

func watchdog() property {
	return property{8, "A stuck loop is found, and lets nothing out",
		"The service manager's watchdog is fed by the loop that owns the gate and by nothing else. A loop that hangs, a process that is stopped and a machine that sleeps let nothing out: what may leave may do so only until a moment that the loop has to move on.",
		[]mutant{
			{"the loop feeds the watchdog itself", "appliance/podium.go",
				"\tp.cfg.Life.Ready()\n", "\tp.cfg.Life.Ready()\n\tgo func() {\n\t\tfor {\n\t\t\tselect {\n\t\t\tcase <-p.over:\n\t\t\t\treturn\n\t\t\tcase <-time.After(beat):\n\t\t\t\tp.cfg.Life.Alive()\n\t\t\t}\n\t\t}\n\t}()\n",
				in("internal/service", "TestALoopThatHangsIsNotKeptAlive")},
			{"every step tells of life", "appliance/podium.go",
				"\t\tp.cfg.Life.Alive()\n", "",
				in("appliance", "TestTheLoopTellsOfItsLife")},
			{"a permit is short", "appliance/gate.go",
				"const permitLength = 2 * time.Second", "const permitLength = time.Hour",
				in("appliance", "TestALoopThatHangs", "TestNoPermitOutlastsTheLease")},
			{"the gate shuts when its permit has run out", "publish/gate.go",
				"case !g.now().Before(g.until):", "case false:",
				in("publish", "TestNothingLeavesWithoutAPermit", "TestOpenedTooLate")},
			{"the loop steps often while a turn is on", "appliance/podium.go",
				"\tif s.turn.on {\n\t\twait = beat\n\t}\n", "",
				in("appliance", "TestTheLoopKeepsItsPermitFresh", "TestASleepingMachineIsSilent")},
		}}
}

func nothingHoldsCloseUp() property {
	return property{9, "Nothing holds closing up",
		"A camera or a microphone that blocks or is pulled out, a driver or a network that hangs: closing returns within one second, always.",
		[]mutant{
			{"closing waits for no device", "publish/publish.go",
				"\t\tidle = b.end()\n\t}\n\tp.mu.Unlock()", "\t\tidle = b.end()\n\t}\n\tp.mu.Unlock()\n\tp.work.Wait()",
				in("publish", "TestHangingDevicesDoNotHoldCloseUp")},
			{"closing gives a packet on its way up", "publish/publish.go",
				"limit := time.NewTimer(drainLimit)", "limit := time.NewTimer(time.Hour)",
				in("publish", "TestStuckNetworkDoesNotHoldCloseUp")},
			{"a device that does not close is left to its driver", "capture/pump.go",
				"limit := time.NewTimer(closeLimit)", "limit := time.NewTimer(time.Hour)",
				in("capture", "TestCloseWhileReadIsBlocked")},
			{"a driver that always has another frame is left", "capture/v4l2/reader.go",
				"for range r.stream.memory {", "for {",
				in("capture/v4l2", "FuzzDriver")},
		}}
}
