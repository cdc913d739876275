#!/bin/sh
# Checks a built arm64 binary: the machine it is for, that it needs nothing but
# the C library, that no symbol is newer than Debian 12's, and prints its size.
set -eu
binary=$1
newest=2.36 # Debian 12's glibc
fail() {
	echo "$binary: $*" >&2
	exit 1
}

LC_ALL=C
export LC_ALL
readelf -h "$binary" | grep -q 'Machine: *AArch64' || fail "is not for arm64"
for library in $(readelf -d "$binary" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
	case $library in
	libc.so.6 | libm.so.6 | ld-linux-aarch64.so.1) ;;
	*) fail "needs $library; only the C library may be dynamic" ;;
	esac
done
if readelf -S "$binary" | grep -q '\.debug_info'; then
	fail "is not stripped"
fi
glibc=$(readelf -V "$binary" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -1)
[ "$(printf '%s\n%s\n' "$newest" "$glibc" | sort -V | tail -1)" = "$newest" ] ||
	fail "needs glibc $glibc; Debian 12 has $newest"

size=$(wc -c <"$binary")
awk -v size="$size" -v name="$binary" -v glibc="$glibc" \
	'BEGIN { printf "%s: arm64, %.1f MB stripped, glibc >= %s\n", name, size / 1e6, glibc }'
