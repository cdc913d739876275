#!/bin/sh
# Looks at the sources: gofmt, go vet, golangci-lint as a pinned module, and the
# shell scripts. Everything is looked at before it fails.
set -u
cd "$(dirname "$0")/.." || exit 1
linter=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
failed=0

sources=$(find . -name '*.go' -not -path './dist/*')
scripts=$(find . -name .git -prune -o -type f \( -name '*.sh' -o -path './.ci/run' \) -print)

# shellcheck disable=SC2086 # file names of this tree have no blanks
unformatted=$(gofmt -l $sources)
if [ -n "$unformatted" ]; then
	echo "not as gofmt writes them: $unformatted" >&2
	failed=1
fi
go vet -tags hil,faults,x264,install,man ./... || failed=1
go run "$linter" run || failed=1
for script in $scripts; do
	shell="sh"
	head -n 1 "$script" | grep -q bash && shell="bash"
	bash -n "$script" || failed=1
	shellcheck -x -P SCRIPTDIR -S warning --shell="$shell" "$script" || failed=1
done
exit $failed
