// Command soak has podiums go on stage and off again some ten thousand times, in every
// way that a turn can end, and looks whether the processes of stage and podiums grow:
// goroutines, file descriptors, memory (`make soak`). Both are this program started
// again: they run what `podium stage` and `podium run` run, and besides tell what
// they hold, and let devices fail.
//
// It may import: the standard library, podium/test/rig, and of podium what the command
// itself uses to run: internal/service, config, publish for the devices, stage and
// control for who acts. It must not reach into what runs: it presses, grants and
// pulls plugs.
package main
