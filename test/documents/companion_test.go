package documents

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each button of the page for Companion does something at a stage.
func TestCompanionButtons(t *testing.T) {
	r := newReader(t, "companion.md", build(t))
	token, err := os.ReadFile(filepath.Join(r.folder, "host.token"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(read(t, root+"/docs/companion/podium.companionconfig"), "TOKEN", strings.TrimSpace(string(token)))
	var page struct {
		Page struct {
			Controls map[string]map[string]struct {
				Style struct{ Text string }
				Steps map[string]struct {
					ActionSets struct {
						Down []struct {
							Action, Instance string
							Options          struct{ URL, Header, Body string }
						}
					} `json:"action_sets"`
				}
			}
		}
		Instances map[string]struct{ Config struct{ Prefix string } }
	}
	if err := json.Unmarshal([]byte(r.replace.Replace(text)), &page); err != nil {
		t.Fatal(err)
	}
	pressed := 0
	for _, row := range page.Page.Controls {
		for _, button := range row {
			for _, a := range button.Steps["0"].ActionSets.Down {
				pressed++
				request, err := http.NewRequestWithContext(t.Context(), strings.ToUpper(a.Action),
					page.Instances[a.Instance].Config.Prefix+a.Options.URL, strings.NewReader(a.Options.Body))
				if err != nil {
					t.Fatal(err)
				}
				var header map[string]string
				if err := json.Unmarshal([]byte(a.Options.Header), &header); err != nil {
					t.Fatal(err)
				}
				for key, value := range header {
					request.Header.Set(key, value)
				}
				answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
				if err != nil {
					t.Fatal(err)
				}
				_ = answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					t.Errorf("%s is answered %d", button.Style.Text, answer.StatusCode)
				}
			}
		}
	}
	if pressed != 12 {
		t.Errorf("%d buttons were pressed", pressed)
	}
}
