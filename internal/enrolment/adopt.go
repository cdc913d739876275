package enrolment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"podium/config"
	"podium/internal/secret"
)

// head begins a podium.yaml that enrolling has made.
const head = "# Made by podium enroll. podium run --print-config prints every key, explained.\n"

// tokenFileEnv takes the place of the key tokenFile.
const tokenFileEnv = "PODIUM_TOKEN_FILE"

// Prepare looks, before a code is used up, whether its fruits can be kept: a configuration
// that is no good, or a folder that nobody can write to, is an error.
func Prepare(path string) error {
	if name := os.Getenv(tokenFileEnv); name != "" {
		return fmt.Errorf("$%s is set: the credential would be written over %s, which may be a host's token; unset it", tokenFileEnv, name)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return writable(filepath.Dir(path))
	}
	c, err := config.PodiumWithoutToken(path)
	if err != nil {
		return err
	}
	return errors.Join(writable(filepath.Dir(path)), writable(filepath.Dir(c.TokenFile)))
}

func writable(folder string) error {
	f, err := os.CreateTemp(folder, ".podium-enroll.*")
	if err != nil {
		return fmt.Errorf("cannot write into %s: %w (as root: sudo podium enroll CODE)", folder, errors.Unwrap(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Adopt puts the credential where the configuration says, and the server and its key into
// the configuration; the rest of it stays as it is. What was not there is made.
func Adopt(path string, e Enrolled) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = []byte(head), nil
	}
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", path, err)
	}
	pin := `""`
	if !e.Fingerprint.IsZero() {
		pin = e.Fingerprint.String()
	}
	changed := set(set(string(text), "server", e.Server), "serverFingerprint", pin)
	if err := secret.Replace(path, []byte(changed), 0o644); err != nil {
		return err
	}
	c, err := config.PodiumWithoutToken(path)
	if err != nil {
		return err
	}
	if err := secret.Write(c.TokenFile, []byte(e.Credential+"\n")); err != nil {
		return err
	}
	_, err = config.LoadPodium(path)
	return err
}

// set gives a key of the first level its value.
func set(text, key, value string) string {
	line := regexp.MustCompile(`(?m)^` + key + `:.*$`)
	if line.MatchString(text) {
		return line.ReplaceAllLiteralString(text, key+": "+value)
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text + key + ": " + value + "\n"
}
