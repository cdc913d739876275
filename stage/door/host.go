package door

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// OwnHost serves only requests whose Host is a name that nobody else can give:
// localhost, a loopback address, the address that the connection came in at, or
// the host that was configured to listen at. A page of somebody else's whose name
// was made to lead here (DNS rebinding) asks with that name, and is answered 421.
// For what needs no token.
func OwnHost(listen string, next http.Handler) http.Handler {
	configured, _, err := net.SplitHostPort(listen)
	if err != nil {
		configured = ""
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ownHost(r, configured) {
			http.Error(w, "This is served under the machine's own address only; open http://127.0.0.1 or the address it listens at.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func ownHost(r *http.Request, configured string) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || (host != "" && strings.EqualFold(host, configured)) {
		return true
	}
	asked, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return asked.IsLoopback() || (local != nil && asked.Unmap() == local.AddrPort().Addr().Unmap().WithZone(""))
}
