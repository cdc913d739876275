package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// more gives the stacks that have more goroutines in the second of two profiles in
// pprof's text form (debug=1): "7 @ 0x...", and lines with the functions.
func more(before, after []byte) string {
	former := stacks(before)
	type grown struct {
		by   int
		text string
	}
	var list []grown
	for text, n := range stacks(after) {
		if by := n - former[text]; by > 0 {
			list = append(list, grown{by, text})
		}
	}
	slices.SortFunc(list, func(a, b grown) int {
		if a.by != b.by {
			return b.by - a.by
		}
		return strings.Compare(a.text, b.text)
	})
	var b strings.Builder
	for _, g := range list {
		fmt.Fprintf(&b, "%d more:\n%s\n", g.by, g.text)
	}
	return b.String()
}

// ownStack is in the stack of the question itself.
const ownStack = "net/http.(*connReader).backgroundRead"

// stacks counts goroutines by their stack.
func stacks(profile []byte) map[string]int {
	counted := map[string]int{}
	for _, block := range bytes.Split(profile, []byte("\n\n")) {
		lines := strings.Split(string(block), "\n")
		for len(lines) > 0 && !strings.Contains(lines[0], " @ ") {
			lines = lines[1:]
		}
		if len(lines) == 0 {
			continue
		}
		number, _, _ := strings.Cut(lines[0], " @ ")
		n, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		if text := strings.TrimSpace(strings.Join(lines[1:], "\n")); text != "" && !strings.Contains(text, ownStack) {
			counted[text] += n
		}
	}
	return counted
}
