#!/bin/sh
# Prints how exposed the two services are, beside those that others ship: Debian's caddy and
# syncthing, and tailscaled from its Go module.
#   build/deb/scores.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q download caddy syncthing >/dev/null 2>&1
for package in *.deb; do
	dpkg-deb -x "$package" .
done
module=$(GOFLAGS=-mod=mod go mod download -json tailscale.com@v1.80.0 | sed -n 's/^\t"Dir": "\(.*\)".*/\1/p')
for unit in "$here/../../systemd/podium-stage.service" "$here/../../systemd/podium.service" \
	lib/systemd/system/syncthing@.service lib/systemd/system/caddy.service "$module/cmd/tailscaled/tailscaled.service"; do
	cp "$unit" "./$(basename "$unit")"
	systemd-analyze security --offline=true --no-pager "./$(basename "$unit")" 2>/dev/null |
		sed -n 's/.*exposure level for \(.*\): \([0-9.]*\).*/\1 \2/p'
done
