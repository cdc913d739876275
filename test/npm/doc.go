// Package npm gives tests what they drive and we do not keep: packages of the npm
// registry, pinned by version and hash, fetched when a test runs and kept in the
// user's cache.
//
// It may import: the standard library. It must not trust anything but the hash.
package npm
