#!/bin/sh
# Runs each fuzz target for a while: build/fuzz.sh [TIME], default 5s.
set -eu
cd "$(dirname "$0")/.."
time=${1:-5s}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

targets=$(grep -rn --include='*_test.go' '^func Fuzz' . | sed 's#^\(.*\)/[^/]*:[0-9]*:func \(Fuzz[A-Za-z0-9_]*\)(.*#\1 \2#' | sort)
[ -n "$targets" ] || {
	echo "no fuzz target was found" >&2
	exit 1
}

fuzz() {
	go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" "$1" >"$log" 2>&1
}

# At the end of its time `go test -fuzz` may call its own end a failure on a busy
# machine ("context deadline exceeded", golang.org/issue/75804). That alone is
# tried once more; a failing input is not.
try() {
	fuzz "$1" "$2" && return 0
	if grep -q 'Failing input written' "$log" || ! grep -q 'context deadline exceeded' "$log"; then
		return 1
	fi
	fuzz "$1" "$2"
}

echo "$targets" | while read -r folder name; do
	if ! try "$folder" "$name"; then
		cat "$log" >&2
		echo "$folder $name failed" >&2
		exit 1
	fi
	executions=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
	echo "$folder $name: ${executions:-0} executions"
done
