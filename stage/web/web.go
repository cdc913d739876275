package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed pages
var embedded embed.FS

// Options shape the pages.
type Options struct {
	Panel bool // serve /panel, the simulated podium; false: it is not there
}

// mimeTypes are named here and not asked of the system, whose tables differ.
var mimeTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".ts":   "text/plain; charset=utf-8", // declarations, for an editor and a compiler
	".svg":  "image/svg+xml",
}

// security holds for every answer: scripts and styles of our own files only,
// no frames around the pages, no address passed on. What of the device a page
// may use depends on the page: see permissions.
var security = map[string]string{
	"Content-Security-Policy": strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
		"connect-src 'self'", "media-src 'self' blob:", "base-uri 'none'", "form-action 'none'",
		"frame-ancestors 'none'", "require-trusted-types-for 'script'",
	}, "; "),
	"X-Content-Type-Options":     "nosniff",
	"Referrer-Policy":            "no-referrer",
	"Cross-Origin-Opener-Policy": "same-origin",
}

// speaking are the pages from which one may go on stage. No other page can ask
// for camera and microphone, whatever a script in it tries.
var speaking = []string{"/join", "/console"}

func permissions(at string) string {
	devices := "camera=(), microphone=()"
	if slices.Contains(speaking, at) {
		devices = "camera=(self), microphone=(self)"
	}
	return devices + ", geolocation=(), fullscreen=(self), autoplay=(self)"
}

// file is one thing that is served.
type file struct {
	data []byte
	mime string
	etag string
	open bool // may be used by pages of other origins
}

// Handler serves the pages to GET and HEAD; every other path is 404.
func Handler(o Options) http.Handler {
	files := load(o)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for key, value := range security {
			w.Header().Set(key, value)
		}
		w.Header().Set("Permissions-Policy", permissions(r.URL.Path))
		f, ok := files[r.URL.Path]
		switch {
		case !ok:
			http.Error(w, "There is no such page.", http.StatusNotFound)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Pages are only read.", http.StatusMethodNotAllowed)
		default:
			f.serve(w, r)
		}
	})
}

// serve lets a browser keep the file but ask each time: after an update of the
// server no page may run with the scripts of the former one.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("ETag", f.etag)
	h.Set("Cache-Control", "no-cache")
	if f.open {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	} else {
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.data))
}

// load reads the embedded files into what is served, by path. What fails here
// is wrong in the binary itself.
func load(o Options) map[string]file {
	files := map[string]file{}
	err := fs.WalkDir(embedded, "pages", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		at := servedAt(name)
		if at == "/panel" && !o.Panel {
			return nil
		}
		data, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		if at == "/" {
			data, err = start(data, o)
		}
		sum := sha256.Sum256(data)
		files[at] = file{
			data: data, mime: mimeTypes[path.Ext(name)], open: strings.HasPrefix(at, "/sdk/"),
			etag: `"` + hex.EncodeToString(sum[:12]) + `"`,
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("cannot load the embedded pages: %v", err))
	}
	return files
}

// servedAt gives the path of an embedded file: pages without their extension.
func servedAt(name string) string {
	at := strings.TrimPrefix(name, "pages")
	if at == "/index.html" {
		return "/"
	}
	return strings.TrimSuffix(at, ".html")
}

// start fills in the start page, which links to what is served.
func start(page []byte, o Options) ([]byte, error) {
	t, err := template.New("start").Parse(string(page))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, o)
	return out.Bytes(), err
}
