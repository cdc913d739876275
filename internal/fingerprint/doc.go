// Package fingerprint names a server's key by its hash, so that a person can
// carry it from one machine to another.
//
// It is the hash of the public key and not of the certificate: a renewed
// certificate with the same key keeps its fingerprint (RFC 7469, section 2.4).
//
// It may import: the standard library. It must not do anything but compute:
// it is pure.
package fingerprint
