// Package v4l2 records from Linux cameras through the V4L2 ioctls, without cgo.
//
// It is a mediadevices driver (driver.Adapter, driver.VideoRecorder) that gives
// planar 4:2:0 pictures of exactly the wanted size. It takes YU12, NV12, YUYV
// or MJPEG from the camera, honours what the driver answers instead of what was
// asked, uses the driver's own timestamps, and gives the newest frame to a
// reader that fell behind.
//
// It may import: mediadevices' interfaces, golang.org/x/sys/unix,
// capture/internal, the standard library. It must not open a device before
// Open, and must not know what the pictures are for.
package v4l2
