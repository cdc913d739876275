#!/bin/sh
# Runs each fuzz target for a while: build/fuzz.sh [TIME [FOLDER [TARGET]]], default
# 3s and all of them. What a target finds to be new is kept in Go's cache; make
# corpus takes the best of it into the tree.
set -eu
cd "$(dirname "$0")/.."
time=${1:-3s}
only=${2:-}
target=${3:-}
log=$(mktemp)
bin=$(mktemp)
trap 'rm -f "$log" "$bin"' EXIT
cache=${FUZZCACHE:-$(go env GOCACHE)/fuzz} # a large one costs each start its time
module=$(go list -m)

targets=$(grep -rn --include='*_test.go' '^func Fuzz' . | sed 's#^\./\(.*\)/[^/]*:[0-9]*:func \(Fuzz[A-Za-z0-9_]*\)(.*#\1 \2#' | sort)
[ -z "$only" ] || targets=$(echo "$targets" | grep "^${only#./} ${target:-.*}\$" || true)
[ -n "$targets" ] || {
	echo "no fuzz target was found" >&2
	exit 1
}

# Found inputs are shortened by a few runs only: Go would spend a minute on each,
# which is all the time there is.
fuzz() {
	(cd "$1" && "$bin" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "$time" -test.fuzzminimizetime 32x \
		-test.fuzzcachedir "$cache/$module/$1" ${FUZZPROCS:+-test.parallel "$FUZZPROCS"}) >"$log" 2>&1
}

# At the end of its time a target may call its own end a failure on a busy machine
# ("context deadline exceeded", golang.org/issue/75804). That alone is tried once
# more; a failing input is not.
try() {
	fuzz "$1" "$2" && return 0
	if grep -q 'Failing input written' "$log" || ! grep -q 'context deadline exceeded' "$log"; then
		return 1
	fi
	fuzz "$1" "$2"
}

count=0 total=0 built=''
while read -r folder name; do
	if [ "$folder" != "$built" ]; then
		go test -c -fuzz . -o "$bin" "./$folder"
		built=$folder
	fi
	if ! try "$folder" "$name"; then
		cat "$log" >&2
		echo "$folder $name failed" >&2
		exit 1
	fi
	executions=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
	echo "$folder $name: ${executions:-0} executions"
	count=$((count + 1)) total=$((total + ${executions:-0}))
done <<END
$targets
END
echo "$count targets, $total executions"
