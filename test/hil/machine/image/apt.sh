# Read by the other scripts: a private apt for Debian 12 arm64 (and amd64 for
# the kernel's build tools), so that the host's own sources, architectures and
# package state are neither used nor changed. Needs no root.
set -eu
unset MAKEFLAGS MAKELEVEL MFLAGS
mirror=${PODIUM_DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${PODIUM_DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
main_line="deb [signed-by=$keyring] $mirror bookworm main"
security_line="deb [signed-by=$keyring] $security bookworm-security main"

[ -r "$keyring" ] || {
	echo "cannot verify Debian's packages: $keyring is missing (package debian-archive-keyring)" >&2
	exit 1
}

start_apt() {
	apt=$PWD/apt
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" \
		"$apt/etc/apt.conf.d" "$apt/etc/preferences.d"
	: >"$apt/state/status"
	printf '%s\n%s\n' "$main_line" "$security_line" >"$apt/etc/sources.list"
	cat >"$apt/apt.conf" <<-END
		Dir "$apt";
		Dir::State "$apt/state";
		Dir::State::status "$apt/state/status";
		Dir::Cache "$apt/cache";
		Dir::Etc "$apt/etc";
		APT::Architecture "arm64";
		APT::Architectures "arm64,amd64";
		APT::Sandbox::User "";
		Acquire::Languages "none";
	END
	export APT_CONFIG="$apt/apt.conf"
	apt-get -q update
}
