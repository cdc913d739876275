#!/bin/sh
# Runs the random sequences until they have made that many steps together, without
# the race detector, one after the other: build/random.sh [STEPS [SEED]].
set -eu
cd "$(dirname "$0")/.."
steps=${1:-1000000}
seed=${2:-0}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# run PACKAGE TEST STEPS
run() {
	if ! go test -count=1 -timeout 0 -v -run "^$2\$" "$1" -args -random.steps "$3" -random.seed "$seed" >"$log.out" 2>&1; then
		cat "$log.out" >&2
		rm -f "$log.out"
		return 1
	fi
	grep ' steps in ' "$log.out" | tee -a "$log"
	rm -f "$log.out"
}

# The models of one part are quick and narrow: half of the steps are for both parts
# over a network.
run ./stage TestRulesAtRandom $((steps / 4))
run ./appliance TestNeverAHotMicrophone $((steps / 4))
run ./test/model TestNeverAHotMicrophone $((steps - 2 * (steps / 4)))

made=$(awk '{ sum += $2 } END { print sum + 0 }' "$log")
echo "$made steps in all"
[ "$made" -ge "$steps" ] || {
	echo "that is fewer than $steps" >&2
	exit 1
}
