package config

import (
	"strings"
	"unicode"
)

// kind is the YAML type a key wants.
type kind int

const (
	kindText kind = iota
	kindNumber
	kindYesNo
	kindTime
	kindList
)

// wants says what to write for a kind, for error messages and the documentation.
var wants = map[kind]string{
	kindText:   "text",
	kindNumber: "a whole number",
	kindYesNo:  "true or false",
	kindTime:   "a time with its unit, such as 5s",
	kindList:   "a list of texts",
}

// setting is everything there is to know about one key.
type setting struct {
	key  string // as in YAML, sections joined by dots
	kind kind
	doc  string // what it means, in sentences
	// set checks the words and stores them; a scalar has exactly one word. The
	// error is the reason alone, without the key.
	set func(words []string) error
	// get gives the words of the value as it is now.
	get func() []string
}

// schema is the table of one file.
type schema struct {
	title    string // first comment of the printed file
	settings []setting
	sections map[string]string // section name -> what it is about
}

// find returns the setting of key, or nil.
func (s schema) find(key string) *setting {
	for i := range s.settings {
		if s.settings[i].key == key {
			return &s.settings[i]
		}
	}
	return nil
}

// isSection tells whether keys stand under name.
func (s schema) isSection(name string) bool {
	_, ok := s.sections[name]
	return ok
}

// under lists the key names that may stand directly in a section ("" = the file).
func (s schema) under(section string) []string {
	var names []string
	seen := map[string]bool{}
	for _, one := range s.settings {
		rest, ok := one.key, true
		if section != "" {
			rest, ok = strings.CutPrefix(one.key, section+".")
		}
		name, _, _ := strings.Cut(rest, ".")
		if ok && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// EnvName is the environment variable that overrides a key: PODIUM_ and the key
// in capitals, with an underscore for each dot and before each new word.
// camera.frameRate is PODIUM_CAMERA_FRAME_RATE, publicURL is PODIUM_PUBLIC_URL.
func EnvName(key string) string {
	var b strings.Builder
	b.WriteString("PODIUM_")
	var last rune
	for _, r := range key {
		switch {
		case r == '.':
			b.WriteByte('_')
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteByte('_')
			b.WriteRune(r)
		default:
			b.WriteRune(unicode.ToUpper(r))
		}
		last = r
	}
	return b.String()
}
