// Package discovery lets a podium that is being enrolled find its stage on the local
// network: DNS-SD (RFC 6763) over multicast DNS (RFC 6762). What is found is an address
// and nothing more: whether it is the stage, the code shows.
//
// It may import the standard library and hashicorp/mdns. It must not import podium.
package discovery
