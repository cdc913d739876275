package technician

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"podium/capture"
	"podium/capture/alsa"
	"podium/capture/v4l2"
	"podium/config"
	"podium/control"
	"podium/hw/header"
	"podium/stage/client"
)

// Result is the answer of one check.
type Result struct {
	What string `json:"what"` // "token", "server", "panel.red", ...
	OK   bool   `json:"ok"`
	Says string `json:"says"`           // what was found
	Next string `json:"next,omitempty"` // what to do, where it is not ok
}

func good(what, format string, args ...any) Result {
	return Result{What: what, OK: true, Says: fmt.Sprintf(format, args...)}
}

func bad(what, next, format string, args ...any) Result {
	return Result{What: what, Says: fmt.Sprintf(format, args...), Next: next}
}

// machine is what Check looks at; tests have another one.
type machine struct {
	chips       func() ([]header.Chip, error)
	cameras     func() []v4l2.Found
	microphones func() []alsa.Found
	encoder     func() (node, card string, err error)
	status      func(ctx context.Context, socket string) (onAir bool, err error)
	now         func() time.Time
}

func thisMachine() machine {
	return machine{
		chips: header.Survey, cameras: v4l2.Find, microphones: alsa.Find, encoder: capture.FindBoardEncoder, now: time.Now,
		status: func(ctx context.Context, socket string) (bool, error) {
			s, err := control.Dial(socket).Status(ctx)
			return s.OnAir, err
		},
	}
}

// Check looks at everything that a configuration names, and tells each answer as it
// comes. It starts no device, requests no line, and says nothing to the stage. It
// ends within about 10 s whatever hangs, and reports whether all is well.
func Check(ctx context.Context, c config.Podium, tell func(Result)) bool {
	return thisMachine().check(ctx, c, tell)
}

func (m machine) check(ctx context.Context, c config.Podium, tell func(Result)) (well bool) {
	well = true
	say := func(results ...Result) {
		for _, r := range results {
			well = well && r.OK
			tell(r)
		}
	}
	running, results := m.socket(ctx, c.Socket)
	say(results)
	say(m.token(c.TokenFile))
	say(m.server(ctx, c)...)
	if c.Panel.Kind == config.PanelNone {
		say(good("panel", "none is configured: podium press stands for the buttons"))
	} else {
		say(m.panel(c.Panel, running)...)
	}
	say(m.camera(c.Camera))
	if c.Camera.Encoder == capture.BoardEncoder && c.Camera.Device != config.None && len(c.Camera.Command) == 0 {
		say(m.boardEncoder())
	}
	say(m.microphone(c.Microphone))
	return well
}

// socket tells whether a podium runs here already: then it holds the panel's lines.
func (m machine) socket(ctx context.Context, path string) (running bool, r Result) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	onAir, err := m.status(ctx, path)
	folder := filepath.Dir(path)
	switch {
	case err == nil && onAir:
		return true, good("socket", "a podium runs at %s, and is on air", path)
	case err == nil:
		return true, good("socket", "a podium runs at %s", path)
	case !errors.Is(err, control.ErrNobody):
		return false, bad("socket", "run this as root, or as the podium's user", "%v", err)
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return false, bad("socket", "the service makes that folder (systemd: RuntimeDirectory=podium); by hand: mkdir -p "+folder, "no podium runs, and there is no folder %s", folder)
	}
	return false, good("socket", "no podium runs at %s", path)
}

func (m machine) token(path string) Result {
	const next = "make one on the server: podium token --meeting M --user U --name N --preset podium --out FILE --config STAGE.yaml"
	token, loose, err := config.ReadTokenFile(path)
	if err != nil {
		return bad("token", next, "%v", err)
	}
	claims, err := client.Describe(token)
	if err != nil {
		return bad("token", next, "%s: %v", path, err)
	}
	who := fmt.Sprintf("participant %s of meeting %s", claims.UserID, claims.Meeting)
	if end := time.Unix(claims.Expires, 0); claims.Expires > 0 {
		left := end.Sub(m.now())
		if left <= 0 {
			return bad("token", next+"; or set this machine's clock", "%s: expired on %s by this machine's clock", who, end.Format(time.DateTime))
		}
		who += fmt.Sprintf(", until %s", end.Format(time.DateTime))
	}
	if loose != "" {
		return bad("token", loose, "%s; others on this machine can read it", who)
	}
	return good("token", "%s", who)
}

// panel looks at each line. One that the running podium holds is as it should be.
func (m machine) panel(p config.Panel, running bool) []Result {
	chips, err := m.chips()
	if err != nil {
		return []Result{bad("panel", "run this as root, or as a user of the group gpio", "%v", err)}
	}
	chip, ok := onLabel(chips, p.Chips)
	if !ok {
		var there []string
		for _, c := range chips {
			there = append(there, c.Label)
		}
		return []Result{bad("panel", "run this on the Pi as root or in the group gpio; on another board set panel.chips; without buttons set panel.kind: none",
			"there is no GPIO chip labelled %v; there are %v", p.Chips, there)}
	}
	var all []Result
	for _, part := range parts(p) {
		all = append(all, oneLine(chip, part, running))
	}
	return all
}

func onLabel(chips []header.Chip, labels []string) (header.Chip, bool) {
	for _, label := range labels {
		for _, c := range chips {
			if c.Label == label {
				return c, true
			}
		}
	}
	return header.Chip{}, false
}

func oneLine(chip header.Chip, p part, running bool) Result {
	for _, l := range chip.Lines {
		if l.Name != p.line {
			continue
		}
		where := fmt.Sprintf("%s on %s (%s)", p.line, chip.Name, chip.Label)
		switch {
		case !l.Used:
			return good(p.key, "%s is free", where)
		case running && isPodium(l.Holder):
			return good(p.key, "%s is held by the running podium", where)
		case l.Holder == "":
			return bad(p.key, "choose another line, or switch off the overlay that uses it (/boot/firmware/config.txt)", "%s is held by the kernel", where)
		}
		return bad(p.key, "end "+l.Holder+", or choose another line", "%s is held by %s", where, l.Holder)
	}
	return bad(p.key, "see podium devices for the names; GPIO17 is line 17, header pin 11", "there is no line %s on %s (%s)", p.line, chip.Name, chip.Label)
}

func isPodium(holder string) bool { return len(holder) > 7 && holder[:7] == "podium@" }

func (m machine) camera(c config.Camera) Result {
	if len(c.Command) > 0 {
		path, err := exec.LookPath(c.Command[0])
		if err != nil {
			return bad("camera", "install the program (rpicam-vid: apt install rpicam-apps), or take camera.command out", "%v", err)
		}
		return good("camera", "the program %s; try it by hand to see its picture", path)
	}
	if err := capture.CheckEncoder(c.Encoder); err != nil {
		return bad("camera", "set camera.encoder to one of them", "%v", err)
	}
	switch c.Device {
	case config.None:
		return good("camera", "none is configured: sound only")
	case "test":
		return good("camera", "the built-in test picture")
	}
	found := m.cameras()
	const plug = "plug one in; as a user, be in the group video; for sound only set camera.device: none"
	if len(found) == 0 {
		return bad("camera", plug, "no camera is connected")
	}
	for _, f := range found {
		if c.Device != config.Auto && !sameFile(c.Device, f.Path, f.Node) {
			continue
		}
		who := f.Path + inBrackets(f.Card)
		if c.Encoder == capture.OwnEncoder {
			return ownEncoder(f, c)
		}
		fit, ok := v4l2.Fit(f.Formats, c.Width, c.Height, float64(c.FrameRate))
		switch {
		case !ok:
			return bad("camera", "set camera.width and camera.height to a size of the list", "%s does not offer %dx%d; it offers %s", who, c.Width, c.Height, v4l2.Describe(f.Formats))
		case fit.FrameRate > 0 && fit.FrameRate+0.5 < float64(c.FrameRate):
			return bad("camera", fmt.Sprintf("set camera.frameRate to %g, or a smaller size", fit.FrameRate), "%s gives %s, not %d frames/s", who, fit, c.FrameRate)
		case f.Holder != "":
			return good("camera", "%s: %s; in use by %s", who, fit, f.Holder)
		}
		return good("camera", "%s: %s", who, fit)
	}
	var there []string
	for _, f := range found {
		there = append(there, f.Path+inBrackets(f.Card))
	}
	return bad("camera", "set camera.device to one of these, or to auto", "there is no %s; there are %v", c.Device, there)
}

// ownEncoder looks whether a camera encodes the picture itself.
func ownEncoder(f v4l2.Found, c config.Camera) Result {
	for _, format := range f.Formats {
		if format.Pixels == "H264" && format.Width == c.Width && format.Height == c.Height {
			return good("camera", "%s%s: %s", f.Path, inBrackets(f.Card), format)
		}
	}
	return bad("camera", "set camera.encoder to openh264, or another size", "%s%s does not encode %dx%d itself", f.Path, inBrackets(f.Card), c.Width, c.Height)
}

// boardEncoder is no matter of right and wrong: without it software encodes.
func (m machine) boardEncoder() Result {
	node, card, err := m.encoder()
	if err != nil {
		return good("encoder", "%v; %s will encode", err, capture.DefaultEncoder)
	}
	return good("encoder", "%s%s", node, inBrackets(card))
}

// sameFile compares names of a device, links followed.
func sameFile(wanted string, names ...string) bool {
	for _, name := range names {
		if wanted == name {
			return true
		}
		a, errA := os.Stat(wanted)
		b, errB := os.Stat(name)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			return true
		}
	}
	return false
}

func (m machine) microphone(c config.Microphone) Result {
	switch c.Device {
	case config.None:
		return good("microphone", "none is configured: picture only")
	case "test":
		return good("microphone", "the built-in test sound")
	}
	f, err := alsa.Named(m.microphones(), orFirst(c.Device))
	if err != nil {
		return bad("microphone", "plug it in; as a user, be in the group audio; podium devices lists the names; for picture only set microphone.device: none", "%v", err)
	}
	if f.Holder != "" {
		return good("microphone", "%s%s; in use by %s", f.Name, inBrackets(f.Driver), f.Holder)
	}
	return good("microphone", "%s%s", f.Name, inBrackets(f.Driver))
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// Print writes a result for a person.
func (r Result) Print(w io.Writer, row func(io.Writer, ...string)) {
	verdict := "ok"
	if !r.OK {
		verdict = "WRONG"
	}
	row(w, verdict, r.What, r.Says)
	if r.Next != "" {
		row(w, "", "", "-> "+r.Next)
	}
}
