package door

import "net/http"

// always stands on every answer of the server (OWASP HTTP Headers Cheat Sheet).
// A page replaces the policies by its own; to what is no page, nothing is
// allowed: an answer of the API that a browser is made to show runs nothing.
var always = map[string]string{
	"Content-Security-Policy":           "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":            "nosniff",
	"X-Frame-Options":                   "DENY", // for browsers that do not know frame-ancestors
	"Referrer-Policy":                   "no-referrer",
	"Cross-Origin-Opener-Policy":        "same-origin",
	"Cross-Origin-Resource-Policy":      "same-origin",
	"Permissions-Policy":                "camera=(), microphone=(), geolocation=()",
	"X-Permitted-Cross-Domain-Policies": "none",
	"Cache-Control":                     "no-store",
}

// hsts is half a year (RFC 6797). Other names of the domain are not ours to speak
// for, so there is no includeSubDomains and no preload.
const hsts = "max-age=15768000"

// Headers puts what every answer carries before next writes its own. Over TLS it
// also asks the browser to come by TLS only; over plain HTTP that would be
// ignored, and behind a proxy it is the proxy's to say.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for key, value := range always {
			h.Set(key, value)
		}
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", hsts)
		}
		next.ServeHTTP(w, r)
	})
}
