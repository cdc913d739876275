#!/bin/bash
# Makes the Debian package of an architecture:
#   build/deb/build.sh amd64|arm64 [FOLDER]
# into dist (FOLDER). The same commit, Go and Debian libraries give the same bytes: every
# time in it is that of the commit.
set -euo pipefail
cd "$(dirname "$0")/../.."
ARCH=${1:?amd64 or arm64}
out=${2:-dist}
# From v2.46.0 on it needs modules (for MSIX) that the proxy does not serve.
NFPM=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2

# A tree without git has what it was given.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
commit=${COMMIT:-$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)}
# A tagged commit has its tag's version; another one comes after the latest tag.
described=$(git describe --tags --match 'v[0-9]*' 2>/dev/null || true)
case $described in
"") DEB_VERSION="0.0.0+git$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S).$commit" ;;
*-*-g*) # v1.2.3-4-gabcdef is 1.2.3+4.gabcdef
	after=${described%-g*}
	DEB_VERSION=${after%-*}
	DEB_VERSION=${DEB_VERSION#v}+${after##*-}.g${described##*-g}
	;;
*) DEB_VERSION=${described#v} ;;
esac
DEB_VERSION=${VERSION_DEB:-$DEB_VERSION}
export SOURCE_DATE_EPOCH # which nfpm reads, too

STAGE=$(mktemp -d)
trap 'rm -rf "$STAGE"' EXIT
stamp="-X main.version=$DEB_VERSION -X main.commit=$commit"

echo "building the program for $ARCH ..." >&2
case $ARCH in
arm64) PODIUM_LDFLAGS=$stamp build/arm64/build.sh ./cmd/podium "$STAGE/podium" >&2 ;;
amd64)
	[ "$(go env GOHOSTARCH)" = amd64 ] || {
		echo "the package for amd64 is made on an amd64 machine" >&2
		exit 1
	}
	go build -trimpath -buildvcs=false -ldflags "-s -w $stamp -linkmode external -extldflags '-static-libstdc++ -static-libgcc'" \
		-o "$STAGE/podium" ./cmd/podium
	;;
*)
	echo "there is no package for $ARCH: amd64 and arm64" >&2
	exit 2
	;;
esac
GLIBC=$(readelf -V "$STAGE/podium" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -1)

mkdir -p "$STAGE/doc" "$STAGE/man" "$STAGE/completion" "$out"
cp README.md CHANGELOG.md "$STAGE/doc/"
cp docs/*.md "$STAGE/doc/"
cp LICENSE "$STAGE/doc/copyright"
cp -r docs/img docs/companion docs/grafana docs/prometheus "$STAGE/doc/"
go run ./build/licences >"$STAGE/doc/third-party-licences.txt"
gzip -9n "$STAGE/doc/third-party-licences.txt" "$STAGE/doc/CHANGELOG.md"
go run -ldflags "-X main.version=$DEB_VERSION" -tags man ./cmd/podium man "$STAGE/man"
gzip -9n "$STAGE"/man/*
go run ./cmd/podium completion bash >"$STAGE/completion/podium"
go run ./cmd/podium completion zsh >"$STAGE/completion/_podium"
go run ./cmd/podium completion fish >"$STAGE/completion/podium.fish"
find "$STAGE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
chmod -R u=rwX,go=rX "$STAGE"

sed "s|{ARCH}|$ARCH|; s|{DEB_VERSION}|$DEB_VERSION|; s|{GLIBC}|$GLIBC|; s|{STAGE}|$STAGE|" build/deb/nfpm.yaml >"$STAGE/nfpm.yaml"
go run "$NFPM" package --config "$STAGE/nfpm.yaml" --packager deb --target "$out/podium_${DEB_VERSION}_${ARCH}.deb" >&2
ls -l "$out/podium_${DEB_VERSION}_${ARCH}.deb" | awk '{ printf "%s: %.1f MB\n", $NF, $5 / 1e6 }' >&2
echo "$out/podium_${DEB_VERSION}_${ARCH}.deb"
