package events

// Event is a line that a service may log.
type Event struct {
	Name    string
	Message string // the line's msg; one that ends with a blank goes on
	Do      string // what to do about it; empty: nothing
}

const (
	network = "look at the network between podium and stage"
	device  = "look at the device and its cable; podium devices tells who holds it"
	report  = "please report it, with the lines around it"
)

// Table has every line that is logged at info, warn and error, by what it is about.
var Table = []Event{
	{"podium_ready", "podium ready", ""},
	{"stage_ready", "stage ready", ""},
	{"stage_connection", "stage connection", "with connected=false for long: " + network + ", and at the stage"},
	{"stage_status", "stage status", ""},
	{"on_air", "on air", ""},
	{"configuration_read", "configuration read anew", "what needRestart names wants systemctl restart"},
	{"configuration_unreadable", "the configuration cannot be read anew; the former one stays", "the line names file, line and key"},
	{"fault", "fault", "podium status says more; podium check what to do"},

	{"gate_open", "gate open", ""},
	{"gate_closed", "gate closed", ""},
	{"gate_shut", "gate shut", ""},
	{"gate_shut_late", "gate shut, but the network has not given back a packet", report},
	{"media_connection_up", "media connection up", ""},
	{"publisher_hangs", "publisher stopped, but not all of it has ended; a driver or the network hangs", report},

	{"device_opened", "device opened", ""},
	{"device_closed", "device closed", ""},
	{"device_closed_late", "device closed at last", ""},
	{"device_closed_badly", "device closed with an error", device},
	{"device_hangs_opening", "device does not open; abandoned until its driver lets go", device},
	{"device_hangs_closing", "device does not close; abandoned until its driver lets go", device},
	{"camera_opened", "camera opened", ""},
	{"camera_closed", "camera closed", ""},
	{"camera_not_closed", "camera not closed", device},
	{"camera_failed", "camera failed", device},
	{"camera_missing", "camera is not there; looking for it", device},
	{"camera_lost", "camera lost; looking for it", device},
	{"camera_back", "camera is back", ""},
	{"camera_program_runs", "the camera's program runs", ""},
	{"camera_program_failed", "the camera's program failed; it is started anew", "run the command of camera.command by hand"},
	{"camera_profile", "the picture's profile", ""},
	{"camera_profile_unusual", "the picture is not H.264 baseline, which every browser shows; most show this one too, and without B pictures it is not late: give the program its option for baseline", "give the program its option for baseline"},
	{"encoder_fallback", "the board does not encode; ", "software encodes: look at the processor's load and temperature"},
	{"picture_adapted", "picture adapted to the connection", "when it happens often: " + network},
	{"microphone_opened", "microphone opened", ""},
	{"microphone_closed", "microphone closed", ""},
	{"microphone_not_closed", "microphone not closed", device},
	{"microphone_failed", "microphone failed", device},
	{"microphone_missing", "microphone is not there; looking for it", device},
	{"microphone_lost", "microphone lost; looking for it", device},
	{"microphone_back", "microphone is back", ""},

	{"panel_lines_missing", "the panel's lines are not to be had; waiting for them, and not live until then", "podium devices tells who holds the lines"},
	{"panel_lines_free", "the panel's lines are free", ""},
	{"panel_not_released", "cannot release the panel", report},
	{"ring", "the ring of lamps", "with works=false: look at the ring's cable and at /dev/spidev*"},
	{"machine_held_back", "the machine is held back", "a better power supply, or a cooler place"},
	{"machine_free", "the machine is no longer held back", ""},
	{"machine_slept", "the machine was asleep: it counts as silence", "do not let it sleep"},

	{"token_loose", "the token is not kept well: ", "the line gives the command"},
	{"no_tls_podium", "the connection to the stage has no TLS: whoever is on the way can read the token and change what is said (key server: give https)", "see docs/tls.md"},
	{"no_tls_stage", "no TLS: tokens, and what is said about media, go in the clear (key tls.selfSigned, or tls.certFile and tls.keyFile)", "see docs/tls.md"},
	{"certificate_made", "certificate made", ""},
	{"certificate_fingerprint", "podiums can pin this stage (key serverFingerprint)", ""},
	{"certificate_renewed", "certificate renewed", ""},
	{"certificate_not_renewed", "the renewed certificate cannot be used; the former stays in use", "before the former ends: mend the files"},
	{"certificate_other_key", "the renewed certificate has another key: podiums that pin the former one refuse the server", "renew with the same key, or give every podium the new fingerprint"},
	{"certificate_dates", "the certificate ", "renew it, or set this machine's clock"},
	{"tokens_refused", "many tokens refused; good ones are taken all the while", "look who is at this address: a podium with an old token, or somebody who guesses"},

	{"discoverable", "podiums find this stage by multicast DNS", ""},
	{"not_discoverable", "cannot be found by multicast DNS yet", "give podiums the address when they are enrolled, or look at this machine's network"},
	{"podium_enrolled", "podium enrolled", ""},
	{"podium_not_enrolled", "a podium was refused: wrong code", "when nobody is enrolling a podium: somebody guesses; look who is at this address"},
	{"podium_withdrawn", "podium withdrawn", ""},

	{"meeting_opened", "meeting opened", ""},
	{"meeting_closed", "meeting closed", ""},
	{"meeting_restored", "meeting restored", ""},
	{"meeting_not_opened", "cannot open a meeting", "look at the store's disk"},
	{"meeting_hangs", "the meeting hangs: its rules cannot be reached, or its store takes nothing; no podium's lease is renewed", report},
	{"meeting_goes_on", "the meeting goes on", ""},
	{"store_missing", "no store: settings, queue and record end with the process (key store)", ""},
	{"store_failing", "cannot store what happens; the stage goes on from memory, and tries again every second", "make room on the store's disk"},
	{"store_works", "the store works again; everything is stored", ""},
	{"record_unreadable", "cannot read the record", "look at the store's disk"},
	{"publication_accepted", "publication accepted", ""},
	{"publication_cut", "publication cut", ""},
	{"slot_not_made", "cannot make a slot", report},
	{"viewer_not_made", "cannot make a viewer's connection", report},
	{"publisher_not_made", "cannot make a publisher's connection", report},

	{"broker_connected", "broker connected", ""},
	{"broker_missing", "the broker is not to be had; trying again", "look at mqtt.broker, at its user and password, and at the network"},
	{"broker_unusable", "the broker cannot be used", "look at mqtt.broker"},
	{"event_unreadable", "cannot read an event of the stage server", "podium and stage of one version"},
	{"service_manager_deaf", "cannot tell the service manager anything", "start it by its unit"},
	{"service_manager_unheard", "cannot tell the service manager", "start it by its unit"},
	{"no_watchdog", "no watchdog", "give the unit WatchdogSec="},
}
