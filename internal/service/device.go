package service

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
)

// bootID is the kernel's name of this start of this machine (random(4)).
const bootID = "/proc/sys/kernel/random/boot_id"

// device names the podium that listens at a control socket, so that the stage does not
// take a second podium with the same token for it. A process that is started again has
// the name of the former one; a machine that was copied has not: what a memory card
// carries would be copied with it. Empty: this kernel does not say.
func device(socket string) string {
	boot, err := os.ReadFile(bootID)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(append(bytes.TrimSpace(boot), socket...))
	return hex.EncodeToString(sum[:8])
}
