// Package config reads the two configuration files, podium.yaml of the device
// and stage.yaml of the server, and hands out checked values.
//
// One table per file (podiumSettings, stageSettings) says everything about a
// key: its name, what it means, what it may be and where it goes. The reader,
// the environment overrides, the printed default file and
// docs/configuration.md are all made from it, so that they cannot disagree.
//
// A value is taken from the environment if it stands there, else from the file,
// else the default holds. The environment name is mechanical: camera.frameRate
// is PODIUM_CAMERA_FRAME_RATE. Secrets are never values, only names of files.
//
// It may import: the standard library, github.com/goccy/go-yaml, and of this
// module podium/internal/secret and podium/internal/fingerprint alone. It must
// not open a device or use the network.
package config
