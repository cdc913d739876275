package kit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"podium/test/npm"
)

var (
	components = npm.Package{Name: "@cloudflare/realtimekit-ui", Version: "2.0.2",
		Integrity: "C/YgKh07FBbeMMa/uhRrMGNmJw1g2kzPEYMsfgnq52yd1wWWeecQZFMJ9o+xRtpnhJmnRgPOUc8vOCMf+C/ohQ=="}
	typescript = npm.Package{Name: "typescript", Version: "5.9.3",
		Integrity: "jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw=="}
)

// fetching keeps tests that run beside each other from fetching twice.
var fetching sync.Mutex

// fetch gives the folder with the package's files.
func fetch(t *testing.T, p npm.Package) string {
	t.Helper()
	fetching.Lock()
	defer fetching.Unlock()
	dir := filepath.Join(shared, strings.TrimSuffix(p.File(), ".tgz"))
	if err := os.Mkdir(dir, 0o755); errors.Is(err, fs.ErrExist) {
		return dir
	} else if err != nil {
		t.Fatal(err)
	}
	if err := p.Unpack(dir); err != nil {
		_ = os.RemoveAll(dir)
		t.Fatal(err)
	}
	return dir
}
