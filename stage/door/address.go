package door

import (
	"net"
	"net/http"
	"net/netip"
)

// siteBits is how much of an IPv6 address names a site: whoever has one address of
// a /64 has all of them.
const siteBits = 64

// Address is who is at the other end of a connection, as far as an address can
// say: one IPv4 address, or an IPv6 /64. The zero value is an address that is not
// known, such as that of a Unix socket.
type Address struct{ prefix netip.Prefix }

// AddressOf gives the address of one end of a connection.
func AddressOf(end net.Addr) Address {
	if tcp, ok := end.(*net.TCPAddr); ok {
		return addressOf(tcp.AddrPort().Addr())
	}
	return Address{}
}

// From gives the address that a request came from. What a proxy in front says of
// others (X-Forwarded-For) is not believed: anybody can say it.
func From(r *http.Request) Address {
	end, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return Address{}
	}
	return addressOf(end.Addr())
}

func addressOf(a netip.Addr) Address {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = siteBits
	}
	prefix, _ := a.Prefix(bits) // fails for the zero Addr alone
	return Address{prefix}
}

// String writes the address for a log.
func (a Address) String() string {
	switch {
	case !a.prefix.IsValid():
		return "unknown"
	case a.prefix.IsSingleIP():
		return a.prefix.Addr().String()
	}
	return a.prefix.String()
}
