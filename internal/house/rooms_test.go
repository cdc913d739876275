package house

// Groups of imports that belong together. "x/..." is x and all below it.
var (
	periph = []string{"periph.io/x/..."}
	pion   = []string{
		"github.com/pion/webrtc/v4", "github.com/pion/ice/v4/...", "github.com/pion/interceptor/...", "github.com/pion/rtp/...",
		"github.com/pion/rtcp", "github.com/pion/sdp/v3", "github.com/pion/logging", "github.com/pion/transport/...",
	}
	mediadevices = []string{"github.com/pion/mediadevices/..."}
	devices      = with(periph, "github.com/pion/mediadevices/...", "github.com/gen2brain/malgo")
	// upstairs are the rooms that no part of the device may know.
	upstairs = []string{"podium/stage/...", "podium/appliance", "podium/publish", "podium/control", "podium/internal/...", "podium/cmd/..."}
	hardware = []string{"podium/hw/...", "podium/capture/..."}
	xsys     = "golang.org/x/sys/unix"
)

// room is what a package's own files (not its tests) may do.
type room struct {
	// may lists imports besides the standard library.
	may []string
	// not lists parts of the standard library that it must not import itself,
	// where a library below it does.
	not []string
	// never lists what must not even be reached through others.
	never []string
	// pure forbids goroutines, clocks, files and the network.
	pure bool
}

// rooms is the table of map.md: every package of the module stands here.
var rooms = map[string]room{
	"cmd/podium": {may: []string{"podium/...", "github.com/spf13/cobra", "github.com/mdlayher/sdnotify", "golang.org/x/sync/errgroup", xsys}},
	"appliance": {
		may:   []string{"podium/stage", "podium/hw/lamp"},
		never: with(devices, "github.com/pion/...", "net/...", "podium/capture/...", "podium/hw/header", "podium/stage/client"),
	},
	"control": {may: []string{"podium/appliance", "podium/internal/plain", xsys}, never: with(devices, "github.com/pion/...")},
	"config": {
		may:   []string{"github.com/goccy/go-yaml/...", "podium/internal/secret", "podium/internal/fingerprint"},
		never: with(hardware, "podium/stage/...", "podium/appliance", "podium/publish", "podium/control", "podium/internal/trust", "podium/internal/service", "podium/cmd/..."),
	},

	"hw/lamp":                {pure: true, never: with(upstairs, periph...)},
	"hw/header":              {may: with(periph, xsys), never: with(upstairs, "net/...", "podium/...")},
	"hw/buttons":             {may: []string{"podium/hw/header"}, never: with(upstairs, "podium/capture/...", "net/...")},
	"hw/buttons/buttonstest": {may: []string{"podium/hw/header", "podium/hw/buttons"}, never: upstairs},
	"hw/leds":                {may: []string{"podium/hw/header", "podium/hw/lamp"}, never: with(upstairs, "podium/capture/...", "net/...")},
	"hw/ring":                {may: []string{xsys}, never: with(upstairs, "podium/capture/...", "net/...")},
	"hw/leds/ledstest":       {may: []string{"podium/hw/header", "podium/hw/lamp", "podium/hw/leds"}, never: upstairs},

	"capture": {
		may:   with(mediadevices, "github.com/pion/webrtc/v4/pkg/media", "podium/capture/...", xsys, "golang.org/x/image/..."),
		not:   []string{"net", "net/..."},
		never: with(upstairs, "podium/hw/..."),
	},
	"capture/v4l2":                {may: with(mediadevices, "podium/capture/internal/...", xsys), never: with(upstairs, "podium/hw/...", "github.com/pion/webrtc/v4")},
	"capture/alsa":                {may: with(mediadevices, "podium/capture/internal/...", xsys), never: with(upstairs, "podium/hw/...", "github.com/pion/webrtc/v4")},
	"capture/testsource":          {may: with(mediadevices, "podium/capture/internal/...", "golang.org/x/image/..."), never: with(upstairs, "podium/hw/...")},
	"capture/capturetest":         {may: with(mediadevices, "github.com/pion/webrtc/v4/pkg/media", "podium/capture"), never: upstairs},
	"capture/encoder":             {may: mediadevices, never: with(upstairs, "podium/hw/...", "podium/capture/v4l2")},
	"capture/encoder/m2m":         {may: []string{xsys, "podium/capture/encoder", "podium/capture/internal/..."}, never: with(upstairs, "podium/hw/...", "podium/capture/v4l2")},
	"capture/encoder/openh264":    {may: with(mediadevices, "C", "podium/capture/encoder"), never: with(upstairs, "podium/hw/...", "podium/capture/v4l2")},
	"capture/encoder/x264":        {may: []string{"C", "podium/capture/encoder"}, never: with(upstairs, "podium/hw/...", "podium/capture/v4l2")},
	"capture/encoder/encodertest": {may: []string{"podium/capture/encoder"}, never: upstairs},
	"capture/internal/arena":      {may: []string{"C"}, never: []string{"podium/...", "net/..."}},
	"capture/internal/holder":     {never: []string{"podium/...", "net/..."}},
	"capture/internal/i420":       {pure: true, may: []string{"C"}, never: []string{"podium/...", "net/..."}},
	"capture/internal/mjpeg":      {pure: true, may: []string{"podium/capture/internal/i420", "C"}, never: []string{"net/..."}},
	"capture/internal/annexb":     {pure: true, never: []string{"podium/...", "net/..."}},
	"capture/internal/sound":      {pure: true, never: []string{"podium/...", "net/..."}},
	"capture/internal/videodev":   {may: []string{xsys, "podium/capture/internal/wakeup"}, never: []string{"net/..."}},
	"capture/internal/wakeup":     {may: []string{xsys}, never: []string{"podium/...", "net/..."}},

	"publish": {
		may:   with(pion, "github.com/pion/webrtc/v4/pkg/media", "podium/publish/...", "podium/internal/formats", "podium/internal/pionlog", "podium/internal/plain", "podium/internal/reports"),
		never: with(devices, "podium/hw/...", "podium/capture/...", "podium/appliance", "podium/stage/..."),
	},

	"publish/publishtest": {may: []string{"podium/publish", "github.com/pion/webrtc/v4/pkg/media"}, never: with(devices, "podium/hw/...", "podium/stage/...", "podium/appliance")},

	"stage":                   {pure: true, never: []string{"net/...", "podium/..."}},
	"stage/client":            {may: []string{"podium/stage", "podium/internal/plain", "github.com/gorilla/websocket"}, never: with(hardware, "github.com/pion/...", "podium/appliance")},
	"stage/server":            {may: []string{"podium/stage", "podium/stage/enrol", "podium/stage/door", "podium/stage/web", "podium/stage/server/openapi", "podium/internal/steady", "github.com/gorilla/websocket", "github.com/golang-jwt/jwt/v5", "golang.org/x/time/rate"}, never: with(hardware, "github.com/pion/...", "podium/appliance", "podium/publish")},
	"stage/door":              {may: []string{"golang.org/x/time/rate"}, not: []string{"log", "log/slog"}, never: []string{"podium/..."}},
	"stage/server/openapi":    {never: []string{"podium/..."}},
	"stage/server/servertest": {may: []string{"podium/stage", "podium/stage/server"}, never: with(hardware, "github.com/pion/...")},
	"stage/enrol":             {not: []string{"net", "os", "net/..."}, never: []string{"podium/...", "net/..."}},
	"stage/store":             {may: []string{"podium/stage", "podium/stage/enrol", "go.etcd.io/bbolt/..."}, never: with(hardware, "github.com/pion/...", "net/http", "podium/stage/server", "podium/appliance")},
	"stage/room":              {may: with(pion, "podium/stage", "podium/internal/formats", "podium/internal/pionlog", "podium/internal/reports", "podium/internal/steady"), never: with(hardware, "podium/appliance", "podium/publish", "podium/stage/server", "github.com/golang-jwt/...", "github.com/gorilla/...", "github.com/pion/mediadevices/...")},
	"stage/web":               {may: []string{}, never: []string{"podium/...", "github.com/pion/..."}},

	"internal/service": {may: []string{"podium/...", "golang.org/x/sync/errgroup", "github.com/mdlayher/sdnotify", "github.com/VictoriaMetrics/metrics", xsys}, never: []string{"podium/cmd/..."}},
	"internal/machine": {never: []string{"podium/...", "net/..."}},
	"internal/technician": {
		may:   []string{"podium/appliance", "podium/capture", "podium/capture/alsa", "podium/capture/v4l2", "podium/config", "podium/control", "podium/hw/...", "podium/internal/trust", "podium/stage/client", xsys},
		never: []string{"podium/cmd/...", "podium/internal/service", "podium/stage/server", "podium/stage/room", "podium/publish"},
	},
	"internal/steady":    {may: []string{xsys}, never: []string{"podium/...", "net/..."}},
	"internal/plain":     {pure: true, never: []string{"podium/...", "net/..."}},
	"internal/broker":    {may: []string{"podium/appliance", "podium/stage", "github.com/eclipse/paho.golang/..."}, never: []string{"podium/publish", "podium/control"}},
	"internal/discovery": {may: []string{"github.com/hashicorp/mdns"}, never: []string{"podium/..."}},
	"internal/enrolment": {may: []string{"podium/config", "podium/internal/discovery", "podium/internal/fingerprint", "podium/internal/secret", "podium/internal/trust", "podium/stage/enrol"}},
	"internal/events":    {may: []string{}},
	"internal/logline":   {never: []string{"podium/...", "net/..."}},
	"internal/pionlog":   {may: []string{"github.com/pion/logging"}, never: with(hardware, "podium/stage/...", "podium/appliance")},
	"internal/formats":   {may: []string{"github.com/pion/webrtc/v4", "github.com/pion/sdp/v3"}, never: with(hardware, "podium/...")},
	"internal/reports":   {may: []string{"github.com/pion/interceptor", "github.com/pion/rtcp", "github.com/pion/rtp"}, never: with(hardware, "podium/...")},
	"internal/house":     {never: []string{"podium/..."}},

	"internal/fingerprint": {pure: true, never: []string{"podium/..."}},
	"internal/secret":      {never: []string{"podium/...", "net/..."}},
	"internal/trust":       {may: []string{"podium/internal/fingerprint", "podium/internal/secret"}, never: with(hardware, "podium/stage/...", "podium/config", "podium/appliance", "podium/publish", "github.com/...")},

	"test/bench":            {may: with(pion, "podium/control", "podium/stage", "podium/stage/client", "podium/test/rig", "github.com/chromedp/..."), never: with(periph, "podium/capture/...")},
	"test/browser":          {},
	"test/peers":            {never: []string{"podium/..."}},
	"test/chromium":         {may: []string{"github.com/chromedp/chromedp"}, never: with(upstairs, hardware...)},
	"test/corpus":           {not: []string{"net", "net/..."}, never: []string{"podium/..."}},
	"test/documents":        {may: []string{"podium/test/rig"}},
	"test/install":          {never: []string{"podium/..."}},
	"test/restart":          {},
	"build/licences":        {never: []string{"podium/..."}},
	"test/units":            {never: []string{"podium/..."}},
	"test/faults":           {},
	"test/faults/link":      {never: []string{"podium/..."}},
	"test/faults/verdict":   {pure: true, never: []string{"podium/...", "net/..."}},
	"test/hostile":          {},
	"test/lipsync":          {},
	"test/model":            {may: []string{}},
	"test/random":           {may: []string{"pgregory.net/rapid"}, never: []string{"podium/..."}},
	"test/rig":              {may: []string{"podium/appliance", "podium/control", "podium/stage", "podium/stage/client", "podium/stage/server", "github.com/pion/webrtc/v4", "github.com/pion/ice/v4", xsys}, never: devices},
	"test/stops":            {may: []string{"podium/appliance", "podium/stage", "podium/stage/client", "podium/test/rig"}, never: devices},
	"test/soak":             {may: with(pion, "github.com/pion/webrtc/v4/pkg/media", "podium/...", "golang.org/x/sync/errgroup"), never: []string{"podium/cmd/..."}},
	"test/hil":              {},
	"test/hil/boardencoder": {may: []string{"podium/capture/encoder", "podium/capture/encoder/m2m", "podium/capture/encoder/encodertest"}, never: upstairs},
	"test/hil/guest":        {may: with(pion, "github.com/pion/webrtc/v4/pkg/media/...", "podium/test/hil/guestapi", xsys), never: with(upstairs, hardware...)},
	"test/hil/guestapi":     {pure: true, never: []string{"podium/...", "net/..."}},
	"test/kit":              {},
	"test/mutants":          {not: []string{"net", "net/..."}, never: []string{"podium/..."}},
	"test/npm":              {never: []string{"podium/..."}},
	"test/hil/machine":      {may: []string{"podium/test/hil/guestapi"}, never: with(upstairs, hardware...)},
}

// with joins a group and more; it never writes into the group.
func with(group []string, more ...string) []string {
	return append(append([]string{}, group...), more...)
}
