package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// The pages of a bbolt file (go.etcd.io/bbolt, internal/common/page.go): a header
// of 16 bytes, then elements of 16 bytes each that point at keys and values.
const (
	pageHeader  = 16
	pageElement = 16

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagFreelist = 0x10

	elementBucket = 0x01 // of a leaf's element: its value is a bucket
	bucketHeader  = 16   // of such a value: root page (0: the page stands behind the header), sequence

	deepest = 64 // pages or buckets one in another
)

// verify walks all pages of the file before bbolt does. bbolt trusts what it maps
// into memory: a damaged number leads it out of the mapping or round in circles,
// which no recover catches. A file without a whole meta page is left to bbolt,
// which says so itself.
func verify(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	m, ok := findMeta(file)
	if !ok {
		return nil
	}
	if err := m.check(info.Size()); err != nil {
		return err
	}
	w := &walk{file: file, meta: m, used: make([]bool, m.pages)}
	if err := w.tree(m.root, nil, 0); err != nil {
		return err
	}
	return w.free(m.freelist)
}

// walk visits each page once.
type walk struct {
	file io.ReaderAt
	meta meta
	used []bool // by page
	last []byte // the last key of the bucket that is being read
}

func broken(id uint64, format string, args ...any) error {
	return &damage{fmt.Sprintf("page %d ", id) + fmt.Sprintf(format, args...)}
}

// page reads a page with those that continue it.
func (w *walk) page(id uint64) (data []byte, flags uint16, err error) {
	if id < 2 || id >= w.meta.pages {
		return nil, 0, broken(id, "is none of the %d pages", w.meta.pages)
	}
	size := uint64(w.meta.pageSize)
	var head [pageHeader]byte
	if _, err := w.file.ReadAt(head[:], int64(id*size)); err != nil {
		return nil, 0, err
	}
	le := binary.LittleEndian
	more := uint64(le.Uint32(head[12:]))
	switch {
	case le.Uint64(head[:]) != id:
		return nil, 0, broken(id, "says that it is page %d", le.Uint64(head[:]))
	case id+more >= w.meta.pages:
		return nil, 0, broken(id, "has %d more than there are", more)
	}
	for i := id; i <= id+more; i++ {
		if w.used[i] {
			return nil, 0, broken(i, "is used twice")
		}
		w.used[i] = true
	}
	data = make([]byte, (1+more)*size)
	_, err = w.file.ReadAt(data, int64(id*size))
	return data, le.Uint16(head[8:]), err
}

// tree visits a bucket's pages, from the one at its root or from one whose first
// key is known.
func (w *walk) tree(id uint64, first []byte, depth int) error {
	data, flags, err := w.page(id)
	switch {
	case err != nil:
		return err
	case depth > deepest:
		return broken(id, "is too deep")
	case flags == flagLeaf:
		return w.leaf(id, data, first, depth)
	case flags == flagBranch:
		return w.branch(id, data, first, depth)
	}
	return broken(id, "is no part of a tree (flags %#x)", flags)
}

// element cuts the i-th element of a page and what it points at: key and value lie
// one behind the other, at a distance from the element.
func element(data []byte, i int, at, length func(e []byte) uint64) (e, target []byte, ok bool) {
	from := uint64(pageHeader + i*pageElement)
	if from+pageElement > uint64(len(data)) {
		return nil, nil, false
	}
	e = data[from : from+pageElement]
	begin, n := from+at(e), length(e)
	if begin+n > uint64(len(data)) || at(e) < pageElement {
		return nil, nil, false
	}
	return e, data[begin : begin+n], true
}

func u32(b []byte) uint64 { return uint64(binary.LittleEndian.Uint32(b)) }

func count(data []byte) int { return int(binary.LittleEndian.Uint16(data[10:])) }

// branch visits the pages below. Each begins with the key that stands here.
func (w *walk) branch(id uint64, data, first []byte, depth int) error {
	if count(data) == 0 {
		return broken(id, "is a branch that leads nowhere")
	}
	for i := range count(data) {
		e, key, ok := element(data, i,
			func(e []byte) uint64 { return u32(e) }, func(e []byte) uint64 { return u32(e[4:]) })
		if !ok || len(key) == 0 || i == 0 && first != nil && !bytes.Equal(key, first) {
			return broken(id, "has a bad element %d", i)
		}
		if err := w.tree(binary.LittleEndian.Uint64(e[8:]), key, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// leaf visits the buckets in it. Its keys follow one another, and those of the
// leaves before.
func (w *walk) leaf(id uint64, data, first []byte, depth int) error {
	if count(data) == 0 && first != nil {
		return broken(id, "is empty")
	}
	for i := range count(data) {
		e, both, ok := element(data, i,
			func(e []byte) uint64 { return u32(e[4:]) }, func(e []byte) uint64 { return u32(e[8:]) + u32(e[12:]) })
		if !ok {
			return broken(id, "has a bad element %d", i)
		}
		key, value, kind := both[:u32(e[8:])], both[u32(e[8:]):], u32(e)
		if len(key) == 0 || bytes.Compare(key, w.last) <= 0 || i == 0 && first != nil && !bytes.Equal(key, first) || kind > elementBucket {
			return broken(id, "has a bad key %d", i)
		}
		w.last = key
		if kind == elementBucket {
			if err := w.bucket(id, value, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// bucket visits one that lies in a leaf.
func (w *walk) bucket(in uint64, value []byte, depth int) error {
	outer := w.last
	defer func() { w.last = outer }()
	w.last = nil
	switch {
	case len(value) < bucketHeader:
		return broken(in, "has a bucket without a header")
	case depth > deepest:
		return broken(in, "is too deep")
	case binary.LittleEndian.Uint64(value) != 0:
		return w.tree(binary.LittleEndian.Uint64(value), nil, depth+1)
	}
	inline := value[bucketHeader:]
	if len(inline) < pageHeader || binary.LittleEndian.Uint16(inline[8:]) != flagLeaf {
		return broken(in, "has a bucket without a page")
	}
	return w.leaf(in, inline, nil, depth+1)
}

// free checks the list of the pages that may be written over: none of them is
// used, and none stands there twice.
func (w *walk) free(id uint64) error {
	data, flags, err := w.page(id)
	if err != nil {
		return err
	}
	if flags != flagFreelist {
		return broken(id, "is not the list of free pages (flags %#x)", flags)
	}
	n, ids := uint64(count(data)), data[pageHeader:]
	if n == 0xffff { // too many for the header: the first element counts
		n, ids = binary.LittleEndian.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids)/8) {
		return broken(id, "lists %d free pages", n)
	}
	for i := range n {
		one := binary.LittleEndian.Uint64(ids[8*i:])
		if one < 2 || one >= w.meta.pages || w.used[one] {
			return broken(id, "lists page %d as free", one)
		}
		w.used[one] = true
	}
	return nil
}
