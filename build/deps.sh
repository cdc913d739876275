#!/bin/sh
# Installs the Debian packages that are missing:
#   build/deps.sh GROUP...     groups: build test lint cross hil faults peers deb install
# Debian 12 and 13, Ubuntu, Raspberry Pi OS. It asks apt only when something is
# missing, with sudo where it is not root. "a|b" is met by either.
# shellcheck disable=SC2086 # lists of packages are split at blanks on purpose
set -eu

group() {
	case $1 in
	build) echo "gcc g++ libc6-dev libturbojpeg0-dev|libturbojpeg-dev make git ca-certificates" ;;
	test)
		echo "gcc g++ libc6-dev libturbojpeg0-dev|libturbojpeg-dev git ca-certificates libx264-dev chromium|chromium-browser fonts-dejavu-core curl openssl systemd"
		# A Node.js from elsewhere brings its npm along, and Debian's would not go with it.
		command -v npm >/dev/null || echo "nodejs npm"
		;;
	faults) echo "iproute2" ;;
	deb) echo "binutils gzip" ;;
	install) echo "mmdebstrap systemd-container util-linux debian-archive-keyring gpg" ;;
	peers) echo "ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly" ;;
	lint) echo "gcc libc6-dev libturbojpeg0-dev|libturbojpeg-dev libx264-dev shellcheck" ;;
	cross) echo "gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross binutils gpg debian-archive-keyring" ;;
	hil)
		group cross
		echo "qemu-system-arm mmdebstrap gpg debian-archive-keyring cpio kmod xz-utils patch make gcc libc6-dev ffmpeg device-tree-compiler"
		;;
	*)
		echo "build/deps.sh: there is no group $1; known are build test lint cross hil faults peers deb install" >&2
		return 1
		;;
	esac
}

installed() {
	dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q ' installed$'
}

# choose prints what to install for "a|b": nothing if one is there, else the
# first that apt knows.
choose() {
	for name in $(echo "$1" | tr '|' ' '); do
		! installed "$name" || return 0
	done
	for name in $(echo "$1" | tr '|' ' '); do
		if apt-cache show --no-all-versions "$name" >/dev/null 2>&1; then
			echo "$name"
			return 0
		fi
	done
	echo "${1%%|*}"
}

wanted=$(for name in "$@"; do group "$name" || exit 2; done)
# Without arguments there is nothing to do; one package may be in two groups.
wanted=$(echo "$wanted" | tr ' ' '\n' | sort -u)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	echo "this is no Debian: please see to it that the likes of these are installed:" $wanted >&2
	exit 0
fi

missing=
for one in $wanted; do
	missing="$missing $(choose "$one")"
done
missing=$(echo $missing) # without the blanks of those that are there
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "cannot install $missing: this is not root and there is no sudo; as root run: apt-get install $missing" >&2
		exit 1
	}
	as_root="sudo env"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# run keeps apt's talk for the case that it fails.
run() {
	${as_root:-env} DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 </dev/null && return 0
	tail -n 20 "$log" >&2
	echo "cannot install $missing: \"$*\" failed, its last words are above" >&2
	exit 1
}
apt="apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120"
echo "installing: $missing"
run $apt update
# A fresh machine knows no names before the update: choose again.
missing=$(for one in $wanted; do choose "$one"; done)
run $apt install -y --no-install-recommends $missing
