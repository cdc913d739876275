package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// maxFile bounds a configuration file; the printed ones have about 3 KiB.
const maxFile = 256 << 10

// places remembers where each key's value was found.
type places struct {
	file string
	keys map[string]place
}

// of gives a key's place; a default belongs to the file in which one would change it.
func (p places) of(key string) place {
	if at, ok := p.keys[key]; ok {
		return at
	}
	return place{file: p.file}
}

// fail makes the error of key where it was found.
func (p places) fail(key, format string, args ...any) error {
	return p.of(key).fail(key, format, args...)
}

// load fills the schema from the file, then from the environment.
func load(path string, s schema) (places, error) {
	found := places{file: path, keys: map[string]place{}}
	var bad faults
	if path != "" {
		data, err := readFile(path)
		if err != nil {
			return found, err
		}
		bad.add(parse(path, data, s, found))
	}
	bad.add(fromEnvironment(s, found))
	return found, bad.join()
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, place{file: path}.fail("", "there is no such file; --print-config prints one to start from")
	}
	if err != nil {
		return nil, place{file: path}.fail("", "cannot read it: %v", bare(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, place{file: path}.fail("", "cannot read it: %v", bare(err))
	}
	if len(data) > maxFile {
		return nil, place{file: path}.fail("", "it is longer than %d bytes; is it the right file?", maxFile)
	}
	return data, nil
}

// fromEnvironment overrides settings. An empty variable is as none; a list's
// words are parted by commas.
func fromEnvironment(s schema, found places) error {
	var bad faults
	for _, one := range s.settings {
		name := EnvName(one.key)
		value := strings.TrimSpace(os.Getenv(name))
		if value == "" {
			continue
		}
		words := []string{value}
		if one.kind == kindList {
			words = strings.Split(value, ",")
			for i := range words {
				words[i] = strings.TrimSpace(words[i])
			}
		}
		at := place{env: name}
		found.keys[one.key] = at
		bad.add(store(one, words, at))
	}
	return bad.join()
}

// store sets the value and names the place when it is refused.
func store(one setting, words []string, at place) error {
	if err := one.set(words); err != nil {
		return at.fail(one.key, "%s", fmt.Sprint(err))
	}
	return nil
}
