//go:build x264

package capture

import "podium/capture/encoder/x264"

func init() { builders["x264"] = x264.New }
