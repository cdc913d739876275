# Makes root.tar: Debian 12 arm64, unpacked but not configured (no maintainer
# script runs, so no arm64 program has to run here). systemd is in it, though
# the machine's usual init is the agent: install tests boot the same root.
set -eu
. ./apt.sh
include=base-files,bash,dash,coreutils,findutils,grep,sed,gzip,util-linux,procps
include=$include,systemd,systemd-sysv,udev,dbus,kmod,iproute2,init-system-helpers
include=$include,alsa-utils,v4l-utils,gpiod
# mmdebstrap makes files of other owners: as root, or in a user namespace.
as_root=
if [ "$(id -u)" != 0 ] && ! command -v newuidmap >/dev/null; then
	as_root=sudo
fi
exec $as_root mmdebstrap --variant=extract --architectures=arm64 --include="$include" \
	--aptopt='APT::Install-Recommends "false"' \
	--dpkgopt='path-exclude=/usr/share/man/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' \
	--dpkgopt='path-exclude=/usr/share/doc/*' \
	bookworm root.tar "$main_line" "$security_line"
