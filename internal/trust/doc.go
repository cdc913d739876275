// Package trust is TLS between podium and stage: the server's certificate, given
// or made by itself, and the fingerprint of its key to which a podium holds.
//
// Files is a certificate that is followed as it is renewed. Make makes one. Pin
// judges a server by its key alone. Seen looks at what a server shows.
//
// It may import: the standard library, podium/internal/fingerprint and
// podium/internal/secret. It must not import any other package of this module.
package trust
