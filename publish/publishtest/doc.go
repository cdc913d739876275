// Package publishtest holds devices for tests of what publishes: a camera and a
// microphone that give numbered samples, count what is asked of them, and can
// fail or hang as real drivers do.
//
// It may import: the standard library, Pion's media.Sample and podium/publish.
// It must not be imported by anything but tests.
package publishtest
