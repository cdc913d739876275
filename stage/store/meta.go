package store

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"math/bits"
)

// The first two pages of a bbolt file each hold what the tree begins with; the
// newer one that is whole counts (go.etcd.io/bbolt, internal/common/meta.go). The
// byte order is the machine's own, little on every machine that this runs on.
const (
	metaMagic   = 0xed0cdaed
	metaVersion = 2
	metaSize    = 64 // bytes, after the page's header
	metaSummed  = 56 // of them, those under the checksum

	smallestPage, largestPage = 1 << 10, 16 << 20 // bytes, as bbolt looks for them

	noFreelist = ^uint64(0) // written by a program that keeps no list of free pages
)

// meta is one of the two.
type meta struct {
	pageSize uint32
	root     uint64 // page of the outermost bucket
	freelist uint64 // page of the list of free pages
	pages    uint64 // in use or free; behind them there is nothing
	txid     uint64
}

// readMeta reads the meta page that begins at at; false: there is none.
func readMeta(file io.ReaderAt, at int64) (meta, bool) {
	var page [pageHeader + metaSize]byte
	if _, err := file.ReadAt(page[:], at); err != nil {
		return meta{}, false
	}
	b := page[pageHeader:]
	sum := fnv.New64a()
	_, _ = sum.Write(b[:metaSummed]) // a hash takes everything
	le := binary.LittleEndian
	if le.Uint32(b) != metaMagic || le.Uint32(b[4:]) != metaVersion || le.Uint64(b[metaSummed:]) != sum.Sum64() {
		return meta{}, false
	}
	return meta{
		pageSize: le.Uint32(b[8:]), root: le.Uint64(b[16:]), freelist: le.Uint64(b[32:]),
		pages: le.Uint64(b[40:]), txid: le.Uint64(b[48:]),
	}, true
}

// findMeta gives the meta page that counts; false: the file has none that is whole.
func findMeta(file io.ReaderAt) (newest meta, ok bool) {
	places := []int64{0}
	for at := int64(smallestPage); at <= largestPage; at *= 2 {
		places = append(places, at)
	}
	for _, at := range places {
		m, whole := readMeta(file, at)
		if !whole || at != 0 && at != int64(m.pageSize) {
			continue
		}
		if !ok || m.txid > newest.txid {
			newest, ok = m, true
		}
	}
	return newest, ok
}

// check says what a meta page claims that cannot be, in a file of so many bytes.
func (m meta) check(fileSize int64) error {
	size := uint64(m.pageSize)
	switch {
	case size < smallestPage || size > largestPage || bits.OnesCount64(size) != 1:
		return &damage{fmt.Sprintf("its pages have %d bytes", size)}
	case m.pages > uint64(fileSize)/size:
		return &damage{fmt.Sprintf("it is cut off: it has %d bytes of %d pages of %d", fileSize, m.pages, size)}
	case m.freelist == noFreelist:
		return &damage{"it has no list of free pages"}
	}
	return nil
}
