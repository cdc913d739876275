package enrol

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCodesAreReadAsTheyAreTyped(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code := NewCode()
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + code[:4] + " " + code[5:] + " "} {
			if got, err := ParseCode(typed); got != code || err != nil {
				t.Errorf("%q is read as %q, %v; want %q", typed, got, err, code)
			}
		}
		if seen[code] {
			t.Errorf("%s came twice", code)
		}
		seen[code] = true
	}
	for _, typed := range []string{"", "K7QM", "K7QM-3XWPP", "K7QM-3XW0", "K7QM-3XWé", "K7QM_3XWP"} {
		if _, err := ParseCode(typed); !errors.Is(err, ErrCode) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

var (
	right, wrong = KeyOf("K7QM-3XWP"), KeyOf("K7QM-3XWQ")
	nonce        = []byte("0123456789abcdef")
	begun        = time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	one          = Podium{ID: "id", Meeting: "hall", UserID: "podium-1"}
)

func TestTake(t *testing.T) {
	mine := []string{"SHA256:aa", ""}
	for _, row := range []struct {
		name  string
		proof []byte
		after time.Duration
		want  error
	}{
		{"the code, the server's key", right.Asks(nonce, "SHA256:aa"), 0, nil},
		{"the code, nothing pinned", right.Asks(nonce, ""), 0, nil},
		{"in the last second", right.Asks(nonce, ""), Lasts - time.Second, nil},
		{"too late", right.Asks(nonce, ""), Lasts, ErrUnknown},
		{"another code", wrong.Asks(nonce, "SHA256:aa"), 0, ErrUnknown},
		{"another server's key: somebody is in between", right.Asks(nonce, "SHA256:bb"), 0, ErrUnknown},
		{"another nonce", right.Asks([]byte("another"), ""), 0, ErrUnknown},
		{"the server's own proof", right.Answers(nonce, ""), 0, ErrUnknown},
		{"nothing", nil, 0, ErrUnknown},
	} {
		b := &Book{}
		if err := b.Add(right, one, begun); err != nil {
			t.Fatal(err)
		}
		got, key, err := b.Take(nonce, row.proof, mine, begun.Add(row.after))
		if !errors.Is(err, row.want) || err == nil && (got != one || key != right) {
			t.Errorf("%s: %v, %v, want %v", row.name, got, err, row.want)
		}
		if _, _, err := b.Take(nonce, right.Asks(nonce, ""), mine, begun); row.want == nil && err == nil {
			t.Errorf("%s: the code was taken twice", row.name)
		}
	}
}

func TestBook(t *testing.T) {
	b := &Book{}
	for n := range mostCodes {
		if err := b.Add(wrong, Podium{UserID: string(rune('A' + n))}, begun); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Add(right, one, begun); !errors.Is(err, ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if err := b.Add(right, one, begun.Add(Lasts)); err != nil {
		t.Errorf("after their time: %v", err)
	}
	for range mostWrong {
		_, _, _ = b.Take(nonce, nil, []string{""}, begun.Add(Lasts))
	}
	if _, _, err := b.Take(nonce, right.Asks(nonce, ""), []string{""}, begun.Add(Lasts)); !errors.Is(err, ErrUnknown) {
		t.Errorf("after %d guesses: %v", mostWrong, err)
	}
}

// A new code for the same podium ends the one before.
func TestANewCodeReplacesTheFormer(t *testing.T) {
	b := &Book{}
	_ = b.Add(wrong, one, begun)
	_ = b.Add(right, one, begun)
	if _, _, err := b.Take(nonce, wrong.Asks(nonce, ""), []string{""}, begun); err == nil {
		t.Error("the former code was taken")
	}
	if _, _, err := b.Take(nonce, right.Asks(nonce, ""), []string{""}, begun); err != nil {
		t.Error(err)
	}
}

// Whatever is asked in whatever order, no code is taken twice, late, or by a wrong proof.
func TestNoCodeIsTakenTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, now, open := &Book{}, begun, map[string]time.Time{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			user := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "user")
			key := Key{user[0]}
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				if err := b.Add(key, Podium{UserID: user}, now); err != nil {
					t.Fatal(err)
				}
				open[user] = now.Add(Lasts)
			case 1:
				got, _, err := b.Take(nonce, key.Asks(nonce, "f"), []string{"f"}, now)
				until, is := open[user]
				if want := is && now.Before(until); want != (err == nil) || err == nil && got.UserID != user {
					t.Fatalf("%s at %s: %v, %v; open until %s", user, now, got, err, until)
				}
				if err == nil {
					delete(open, user)
				}
			case 2:
				now = now.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "s")) * time.Second)
			}
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("k7qm 3xwp")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := ParseCode(text)
		if err != nil {
			return
		}
		if again, err := ParseCode(code); again != code || err != nil {
			t.Errorf("%q is read as %q, and that as %q, %v", text, code, again, err)
		}
	})
}
