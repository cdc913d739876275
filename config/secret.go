package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"podium/internal/secret"
)

// MinKey is the shortest HS256 key in bytes (RFC 7518, section 3.2).
const MinKey = 32

// ReadKey reads the stage's HS256 key: the file's bytes without a final line
// break. A missing file's error says how to make one, that of a file which others
// can read how to take that from them.
func ReadKey(path string) ([]byte, error) {
	command := fmt.Sprintf("make one with: (umask 077; head -c 32 /dev/urandom | base64 > %s)", path)
	data, err := secret.ReadKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the key %s: there is no such file; %s", path, command)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the key %s: %w", path, err)
	}
	key := bytes.TrimRight(data, "\r\n")
	if len(key) < MinKey {
		return nil, fmt.Errorf("cannot use the key %s: it has %d bytes, HS256 wants at least %d; %s", path, len(key), MinKey, command)
	}
	return key, nil
}

// ReadToken reads a participant's token: one line of text. Read it at every
// connection, so that a renewed file is taken up without a restart.
func ReadToken(path string) (string, error) {
	token, _, err := ReadTokenFile(path)
	return token, err
}

// ReadTokenFile is ReadToken that also says who else can read the file, and what
// mends that; empty when nobody can. A token is one participant's, and a podium
// that is refused in the middle of a session helps nobody: so it is used all the
// same, unlike a key.
func ReadTokenFile(path string) (token, loose string, err error) {
	file, err := secret.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("cannot read the token %s: there is no such file; make one on the server with: podium token --meeting M --user U --name N --preset podium --config stage.yaml", path)
	}
	if err != nil {
		return "", "", fmt.Errorf("cannot read the token %s: %w", path, err)
	}
	token = strings.TrimSpace(string(file.Data))
	if token == "" {
		return "", "", fmt.Errorf("cannot use the token %s: the file is empty", path)
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", "", fmt.Errorf("cannot use the token %s: it is not one line of plain text", path)
	}
	return token, file.Loose, nil
}

// bare takes the path out of err: the message around it names it already.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// path settles which file a key means. A name without / is a systemd credential
// (systemd.exec(5), $CREDENTIALS_DIRECTORY) when one of that name was handed
// over. Any other relative name counts from the configuration file's folder, or
// from the working folder when it came by the environment.
func (p places) path(key, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && !strings.Contains(name, "/") {
		if credential := filepath.Join(dir, name); exists(credential) {
			return credential
		}
	}
	return p.beside(key, name)
}

// beside is path for a file that is no secret.
func (p places) beside(key, name string) string {
	if at := p.of(key); !filepath.IsAbs(name) && at.env == "" && at.file != "" {
		return filepath.Join(filepath.Dir(at.file), name)
	}
	return name
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
