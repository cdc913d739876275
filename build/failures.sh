#!/bin/bash
# failures.sh LOG: the tests that failed in a log of go test -v and what they said,
# in few enough lines to stand at the end of a log of which only the end is read.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: build/failures.sh LOG (example: build/failures.sh test-output/test.log)" >&2; exit 2; }
awk '
	# What a test said stands before its verdict; a few of the last lines are enough.
	function said(line) { if (!(name in from)) from[name] = 0; text[name, from[name]++] = substr(line, 1, 240) }
	function verdict(test,   i) {
		for (i = from[test] > 6 ? from[test] - 6 : 0; i < from[test]; i++) print text[test, i]
	}
	/^=== (RUN|CONT|NAME) / { name = $3; next }
	/^=== PAUSE / { next }
	/^ *--- FAIL: / { print; verdict($3); next }
	/^ *--- (PASS|SKIP): / { delete from[$3]; next }
	/^(panic:|fatal error:|WARNING: DATA RACE)/ { print; more = 12; next }
	more > 0 { print substr($0, 1, 160); more--; next }
	/^[^ ]+\.(go|sh):[0-9]+:[0-9]+: / { print substr($0, 1, 240); next }
	/^FAIL\t|^FAIL: |^# |: error: |Error [0-9]+$/ { print; next }
	/^ok  / { split("", from); name = ""; next }
	{ said($0) }
' "$1" | tail -n 40
