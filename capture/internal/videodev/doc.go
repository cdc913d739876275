// Package videodev is what a V4L2 camera and a V4L2 encoder have in common: the open
// node, and the requests and structures of linux/videodev2.h that both use.
//
// It may import golang.org/x/sys/unix and capture/internal/wakeup. It must not know what
// a node is for.
package videodev
