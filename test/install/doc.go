// Package install installs the Debian package in a clean system whose systemd runs, takes a
// turn there, upgrades in the middle of one, and takes the package away again. It needs
// root, mmdebstrap and systemd-nspawn; the system is a folder, with a network of its own,
// and this machine is left as it is.
//
// It may import the standard library only. It must not import podium: it knows what a
// technician knows.
package install
