#!/bin/sh
# Cross-builds the podium for a 64-bit Raspberry Pi OS or Debian 12 and later:
#   build/arm64/build.sh [PACKAGE [OUTPUT]]
# default: ./cmd/podium to dist/arm64/podium. It checks what it made.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
package=${1:-./cmd/podium}
output=${2:-$root/dist/arm64/podium}
case $output in /*) ;; *) output=$PWD/$output ;; esac

for tool in go aarch64-linux-gnu-gcc aarch64-linux-gnu-g++ readelf; do
	command -v "$tool" >/dev/null || {
		echo "cannot build for arm64: $tool is missing (build/deps.sh cross installs the cross compilers)" >&2
		exit 1
	}
done

mkdir -p "$(dirname "$output")"
cd "$root"
sysroot=$(build/arm64/sysroot.sh)
# The codecs come as static libraries with mediadevices, TurboJPEG as Debian's; the
# C++ runtime is linked in as well, so that one binary serves Debian 12 and 13.
GOOS=linux GOARCH=arm64 CGO_ENABLED=1 \
	CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++ \
	CGO_CFLAGS="${CGO_CFLAGS:--O2} -idirafter $sysroot/usr/include" \
	CGO_LDFLAGS="-L$sysroot/usr/lib/aarch64-linux-gnu" CGO_CXXFLAGS="${CGO_CXXFLAGS:--O2}" \
	go build -trimpath \
	-ldflags "-s -w ${PODIUM_LDFLAGS:-} -linkmode external -extldflags '-static-libstdc++ -static-libgcc'" \
	-o "$output" "$package"

"$root/build/arm64/check.sh" "$output"
