package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/stage"
)

// Whatever was saved and forgotten, what bbolt leaves behind is taken.
func TestVerifyTakesWhatIsWritten(t *testing.T) {
	path := filepath.Join(memoryDir(t), "stage.db")
	r := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		s := openTest(t, path)
		for range 8 {
			hall := fmt.Sprintf("hall-%d", r.IntN(4))
			var people []stage.SavedPerson
			for range r.IntN(200) {
				p := person(strings.Repeat("u", 1+r.IntN(100))+fmt.Sprint(r.IntN(300)), 1)
				if r.IntN(3) > 0 {
					p = stage.SavedPerson{UserID: p.UserID, Status: stage.OffStage}
				}
				people = append(people, p)
			}
			s.mustSave(t, map[string]stage.Saved{hall: {People: people, Record: make([]stage.Entry, r.IntN(30))}})
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(file); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
	}
}
