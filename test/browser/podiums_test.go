package browser

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"podium/stage/enrol"
	"podium/test/chromium"
)

// enrolAt is what a podium does with a code.
func enrolAt(t *testing.T, server, code string) {
	t.Helper()
	key, nonce := enrol.KeyOf(code), enrol.NewNonce()
	body, err := json.Marshal(enrol.Request{Nonce: nonce, Proof: key.Asks(nonce, "")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.Post(server+enrol.Path, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		t.Fatalf("the code is answered %d", r.StatusCode)
	}
}

// TestPodiumsByCode makes a code on the console, enrols with it, and takes the podium out.
func TestPodiumsByCode(t *testing.T) {
	s := startStage(t)
	console := open(chromium.Start(t), t, "podiums", s.page(t, "/console", "ada", "Ada", "host"))
	console.connected()
	console.Click(`[data-testid=podiums-open]`)
	console.Until("the dialog is open, and says that there is none", `document.getElementById('podiums').open && !document.getElementById('podiums-empty').hidden`)
	console.Do(chromedp.SendKeys(`[data-testid=podium-name]`, "The pulpit"))
	console.Click(`[data-testid=podium-add]`)
	console.Until("the code is shown", `/^[2-9A-Z]{4}-[2-9A-Z]{4}$/.test(document.getElementById('code').textContent)`)
	console.glance("podium-code")
	console.accessible("podium code")
	code := eval[string](console, `document.getElementById('code').textContent`)
	command := eval[string](console, `document.getElementById('code-command').textContent`)
	if want := "sudo podium enroll " + code + " --server " + s.base; !strings.HasPrefix(command, want) {
		t.Errorf("the command is %q, want %q", command, want)
	}
	enrolAt(t, s.base, code)
	line := `[data-testid=podium-row][data-user-id="podium-1"]`
	console.Until("the podium is in the list, and the code is gone", present(line)+` && document.getElementById('code-box').hidden`)
	if text := eval[string](console, `document.querySelector('`+line+`').innerText`); !strings.Contains(text, "The pulpit") || !strings.Contains(text, "not connected") {
		t.Errorf("the row says %q", text)
	}
	console.glance("podiums")
	console.Click(line + ` [data-testid=podium-withdraw]`)
	console.Until("it asks first", `document.getElementById('confirm').open`)
	console.Click(`[data-testid=confirm-yes]`)
	console.Until("the podium is out", absent(line))
}
