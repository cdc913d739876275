package videodev

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Paths are the V4L2 nodes of a folder, /dev, in ascending order of their numbers: 10
// after 9.
func Paths(dev string) []string {
	numbered, _ := filepath.Glob(filepath.Join(dev, "video[0-9]*"))
	number := func(path string) int {
		n, _ := strconv.Atoi(strings.TrimPrefix(filepath.Base(path), "video"))
		return n
	}
	slices.SortFunc(numbered, func(a, b string) int { return number(a) - number(b) })
	return numbered
}
