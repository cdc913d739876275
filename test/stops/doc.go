// Command stops measures how long after the deciding event a podium's last RTP packet
// leaves: a host's kick, the speaker's cancel, the end of the lease, SIGTERM and
// SIGKILL (`make stops`). Stage and podiums are real processes on loopback; the
// packets are seen on their way, with the kernel's times, by a relay between the two.
//
// It may import: the standard library, podium/test/rig, and of podium what a script
// would use. It must not believe the podium: what it says is shown beside what was
// seen, and decides nothing.
package main
