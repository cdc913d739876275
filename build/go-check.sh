#!/bin/sh
# Says in one sentence what is wrong when Go is missing or older than go.mod wants.
set -eu
cd "$(dirname "$0")/.."
wanted=$(sed -n 's/^go //p' go.mod)
where="get it from https://go.dev/dl/ and unpack it to /usr/local (Debian's own may be too old)"

command -v go >/dev/null || {
	echo "Go is missing: this needs Go $wanted or newer; $where." >&2
	exit 1
}
# From Go 1.21 on, an older Go may fetch the wanted one by itself (GOTOOLCHAIN=auto):
# what counts is the version that runs in this folder.
found=$(go env GOVERSION 2>/dev/null) || found=
here=$(cd / && GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || here=
[ -n "$found" ] || found=$here
found=${found#go}
oldest=$(printf '%s\n%s\n' "$wanted" "${found:-0}" | sort -V | head -n 1)
[ "$oldest" = "$wanted" ] || {
	echo "Go ${found:-of an unknown version} ($(command -v go)) is too old: this needs Go $wanted or newer; $where." >&2
	exit 1
}
