#!/bin/sh
# Prints the folder with the headers and static libraries for arm64 that are linked
# into the podium, and fills it where it is missing: Debian 12's own packages,
# verified by Debian's key, unpacked and not installed. The host may be any Debian or
# Ubuntu; its own packages and sources are neither used nor changed.
#   build/arm64/sysroot.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
recipe=$here/../../test/hil/machine/image/apt.sh
packages="libturbojpeg0-dev"
key=$(cat "$recipe" "$0" | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/podium-arm64
root=$cache/sysroot-$key
if [ ! -d "$root" ]; then
	mkdir -p "$cache"
	work=$(mktemp -d "$cache/partial-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	log=$work/log
	(
		cd "$work"
		# shellcheck source=/dev/null
		. "$recipe"
		start_apt
		for package in $packages; do
			apt-get -q download "$package:arm64"
		done
		mkdir root
		for file in *.deb; do
			dpkg-deb -x "$file" root
		done
	) >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		echo "cannot get the arm64 libraries ($packages): the last words are above" >&2
		exit 1
	}
	# Another build may have been faster: what it has is the same.
	mv -T "$work/root" "$root" 2>/dev/null || [ -d "$root" ]
fi
echo "$root"
