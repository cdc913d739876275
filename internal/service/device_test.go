package service

import "testing"

func TestADeviceIsOneSocketOfOneStartedMachine(t *testing.T) {
	one, again, other := device("/run/podium/podium.sock"), device("/run/podium/podium.sock"), device("/tmp/podium.sock")
	if one == "" || one != again || one == other {
		t.Errorf("devices %q, %q and %q", one, again, other)
	}
}
