package config

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"podium/internal/fingerprint"
)

// check looks at one text and says what is wrong with it, or nothing.
type check func(string) error

// text binds a key to a string.
func text(key string, at *string, ok check, doc string) setting {
	return setting{key: key, kind: kindText, doc: doc,
		set: func(words []string) error {
			if err := readable(words[0], ok); err != nil {
				return err
			}
			*at = words[0]
			return nil
		},
		get: func() []string { return []string{*at} },
	}
}

// oneOf binds a key to a string type with few values.
func oneOf[T ~string](key string, at *T, values []T, doc string) setting {
	return setting{key: key, kind: kindText, doc: doc,
		set: func(words []string) error {
			if !slices.Contains(values, T(words[0])) {
				return fmt.Errorf("%q is not known; give one of %s", words[0], join(values))
			}
			*at = T(words[0])
			return nil
		},
		get: func() []string { return []string{string(*at)} },
	}
}

// number binds a key to a whole number from low to high.
func number(key string, at *int, low, high int, doc string) setting {
	return setting{key: key, kind: kindNumber, doc: fmt.Sprintf("%s, %d to %d.", doc, low, high),
		set: func(words []string) error {
			n, err := strconv.Atoi(words[0])
			if err != nil {
				return fmt.Errorf("%q is not a whole number; give %d to %d", words[0], low, high)
			}
			if n < low || n > high {
				return fmt.Errorf("%d is impossible; give %d to %d", n, low, high)
			}
			*at = n
			return nil
		},
		get: func() []string { return []string{strconv.Itoa(*at)} },
	}
}

// yesNo binds a key to a bool.
func yesNo(key string, at *bool, doc string) setting {
	return setting{key: key, kind: kindYesNo, doc: doc,
		set: func(words []string) error {
			if words[0] != "true" && words[0] != "false" {
				return fmt.Errorf("%q is neither true nor false", words[0])
			}
			*at = words[0] == "true"
			return nil
		},
		get: func() []string { return []string{strconv.FormatBool(*at)} },
	}
}

// span binds a key to a duration from low to high.
func span(key string, at *time.Duration, low, high time.Duration, doc string) setting {
	return setting{key: key, kind: kindTime, doc: fmt.Sprintf("%s, %s to %s.", doc, brief(low), brief(high)),
		set: func(words []string) error {
			d, err := time.ParseDuration(words[0])
			if err != nil {
				return fmt.Errorf("%q is not a time; give a number with its unit, such as 5s or 500ms", words[0])
			}
			if d < low || d > high {
				return fmt.Errorf("%s is impossible; give %s to %s", d, brief(low), brief(high))
			}
			*at = d
			return nil
		},
		get: func() []string { return []string{brief(*at)} },
	}
}

// list binds a key to a list of texts, each checked.
func list(key string, at *[]string, ok check, doc string) setting {
	return setting{key: key, kind: kindList, doc: doc,
		set: func(words []string) error {
			for _, word := range words {
				if err := readable(word, ok); err != nil {
					return err
				}
			}
			*at = slices.Clone(words)
			return nil
		},
		get: func() []string { return *at },
	}
}

// level binds a key to a log level.
func level(key string, at *slog.Level, doc string) setting {
	known := []string{"debug", "info", "warn", "error"}
	return setting{key: key, kind: kindText, doc: doc,
		set: func(words []string) error {
			if !slices.Contains(known, words[0]) {
				return fmt.Errorf("%q is not known; give one of %s", words[0], join(known))
			}
			return at.UnmarshalText([]byte(words[0]))
		},
		get: func() []string { return []string{strings.ToLower(at.String())} },
	}
}

// pin binds a key to a fingerprint; empty means none.
func pin(key string, at *fingerprint.Key, doc string) setting {
	return setting{key: key, kind: kindText, doc: doc,
		set: func(words []string) (err error) {
			if *at = (fingerprint.Key{}); words[0] != "" {
				*at, err = fingerprint.Parse(words[0])
			}
			return err
		},
		get: func() []string {
			if at.IsZero() {
				return []string{""}
			}
			return []string{at.String()}
		},
	}
}

// brief writes 1m0s as 1m.
func brief(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func join[T ~string](values []T) string {
	var words []string
	for _, v := range values {
		words = append(words, string(v))
	}
	return strings.Join(words, ", ")
}

// readable refuses what nobody could see in a message, then asks ok.
func readable(s string, ok check) error {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("%q holds a character that cannot be seen; take it out", s)
	}
	return ok(s)
}

// notEmpty refuses the empty text; hint says what to give.
func notEmpty(hint string) check {
	return func(s string) error {
		if strings.TrimSpace(s) == "" {
			return errors.New("is empty; " + hint)
		}
		return nil
	}
}
