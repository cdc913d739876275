//go:build x264

package x264

import (
	"testing"

	"podium/capture/encoder/encodertest"
)

func TestX264(t *testing.T) { encodertest.Run(t, New) }
