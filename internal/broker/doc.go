// Package broker tells an MQTT broker what a podium is doing: a retained state, a last
// will, and what Home Assistant needs to find it. It tells, and takes nothing: a press that
// comes over a network is not this speaker's (safety property 4).
//
// It may import: the standard library, eclipse/paho, appliance (the status) and stage. It
// must not import what opens a gate.
package broker
