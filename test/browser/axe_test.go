package browser

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/chromedp/chromedp"

	"podium/test/npm"
)

// axeCore is Deque's checker of accessibility.
var axeCore = npm.Package{Name: "axe-core", Version: "4.10.2",
	Integrity: "RE3mdQ7P3FRSe7eqCWoeQ/Z9QXrtniSjp1wUjt5nRC3WIpz5rSCve6o3fsZ2aCpJtrZjSZgjwXAoTO5k4tEI0w=="}

// axe gives the checker's script.
var axe = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "podium-axe-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := axeCore.Unpack(dir); err != nil {
		return "", err
	}
	script, err := os.ReadFile(filepath.Join(dir, "axe.min.js"))
	return string(script), err
})

// ran has axe-core look at what is shown now, by WCAG 2.2 A and AA and its good practices.
const ran = `axe.run(document, {
	resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({ violations }) => violations.map((v) => v.id + ', ' + v.nodes.length + ' times: ' + v.nodes[0].html.slice(0, 160)).join('\n\t'))`

func (p tab) axe(when string) {
	p.T.Helper()
	script, err := axe()
	if err != nil {
		p.T.Fatal(err)
	}
	if !eval[bool](p, `Boolean(window.axe)`) {
		if _, err := chromedp.Run(p.Context, chromedp.Evaluate[any](script+";0")); err != nil {
			p.T.Fatal(err)
		}
	}
	if found := eval[string](p, ran); found != "" {
		p.T.Errorf("%s page, %s, axe-core finds:\n\t%s", p.Name, when, found)
	}
}
