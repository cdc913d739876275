//go:build linux && (amd64 || arm64)

package v4l2

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"podium/capture/internal/holder"
	"podium/capture/internal/videodev"
)

// Found is a camera that is connected.
type Found struct {
	Path    string   // "/dev/v4l/by-id/..." where there is one, else "/dev/videoN"
	Node    string   // "/dev/videoN"
	Card    string   // the camera's own name
	Formats []Format // what it offers
	Holder  string   // who has it open, as "podium (pid 812)"; empty: nobody that this process may see
}

// Find lists the cameras, stable names first. It opens each node for a moment
// and starts none. Nodes that are no camera are left out.
func Find() []Found { return find("/dev", videodev.Open) }

func find(dev string, open func(string) (videodev.Node, error)) []Found {
	var all []Found
	seen := make(map[string]bool)
	for _, path := range nodePaths(dev) {
		target, err := filepath.EvalSymlinks(path)
		if err != nil || seen[target] {
			continue
		}
		seen[target] = true
		if f, ok := look(path, target, open); ok {
			all = append(all, f)
		}
	}
	return all
}

func look(path, target string, open func(string) (videodev.Node, error)) (Found, bool) {
	n, err := open(target)
	if err != nil {
		return Found{}, false
	}
	defer func() { _ = n.Close() }() // it was only looked at
	card, err := usable(n)
	if err != nil {
		return Found{}, false
	}
	return Found{Path: path, Node: target, Card: card, Formats: offers(n, 0, 0), Holder: holder.Names(target)}, true
}

// nodePaths are the names of possible cameras in the order "auto" tries them:
// by-id names, then numbers in ascending order (10 after 9).
func nodePaths(dev string) []string {
	stable, _ := filepath.Glob(filepath.Join(dev, "v4l/by-id/*"))
	slices.Sort(stable)
	return append(stable, videodev.Paths(dev)...)
}

// list names the cameras for an error text.
func list(found []Found) string {
	if len(found) == 0 {
		return "no camera is connected"
	}
	words := make([]string, len(found))
	for i, f := range found {
		words[i] = fmt.Sprintf("%s (%s)", f.Path, f.Card)
	}
	return "there is " + strings.Join(words, ", ")
}
