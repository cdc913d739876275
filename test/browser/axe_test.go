package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe-core is Deque's checker of accessibility. npm fetches it for the test;
// nothing but the hash, as npm writes it, is trusted.
const (
	axeVersion   = "4.10.2"
	axeIntegrity = "RE3mdQ7P3FRSe7eqCWoeQ/Z9QXrtniSjp1wUjt5nRC3WIpz5rSCve6o3fsZ2aCpJtrZjSZgjwXAoTO5k4tEI0w=="
)

// axe gives the checker's script, from the user's cache or by npm.
var axe = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "podium-test")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	tarball := filepath.Join(cache, "axe-core-"+axeVersion+".tgz")
	data, err := checked(tarball)
	if err != nil {
		cmd := exec.Command("npm", "pack", "--silent", "axe-core@"+axeVersion)
		cmd.Dir = cache
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("cannot fetch axe-core by npm: %w\n%s", err, out)
		}
		if data, err = checked(tarball); err != nil {
			return "", err
		}
	}
	return fromTarball(data, "package/axe.min.js")
})

func checked(tarball string) ([]byte, error) {
	data, err := os.ReadFile(tarball)
	if err != nil {
		return nil, err
	}
	sum := sha512.Sum512(data)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != axeIntegrity {
		return nil, fmt.Errorf("%s is not axe-core %s: its SHA-512 is %s, want %s", tarball, axeVersion, got, axeIntegrity)
	}
	return data, nil
}

func fromTarball(data []byte, name string) (string, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	for r := tar.NewReader(zipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return "", fmt.Errorf("axe-core %s holds no %s", axeVersion, name)
		}
		if err != nil {
			return "", err
		}
		if header.Name == name {
			text, err := io.ReadAll(r)
			return string(text), err
		}
	}
}

// ran has axe-core look at what is shown now, by WCAG 2.2 A and AA and its good practices.
const ran = `axe.run(document, {
	resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({ violations }) => violations.map((v) => v.id + ', ' + v.nodes.length + ' times: ' + v.nodes[0].html.slice(0, 160)).join('\n\t'))`

func (p tab) axe(when string) {
	p.t.Helper()
	script, err := axe()
	if err != nil {
		p.t.Fatal(err)
	}
	if !eval[bool](p, `Boolean(window.axe)`) {
		if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](script+";0")); err != nil {
			p.t.Fatal(err)
		}
	}
	if found := eval[string](p, ran); found != "" {
		p.t.Errorf("%s page, %s, axe-core finds:\n\t%s", p.name, when, found)
	}
}
