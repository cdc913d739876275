// Package technician is for the person with the screwdriver: what this machine has,
// whether what a configuration names is there and in order, and each lamp and each
// button alone.
//
// Nothing here starts a device. Only Lamps and Buttons request lines.
//
// It may import everything but cmd, internal/service and the stage's server. It must
// not change a configuration or a device.
package technician
