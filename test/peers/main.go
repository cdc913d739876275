package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
)

// row is one input on all ways, in CPU milliseconds a frame.
type row struct {
	Input     string  `json:"input"`
	Ours      float64 `json:"ours"`
	Stock     float64 `json:"stock"`
	FFmpeg    float64 `json:"ffmpeg"`
	GStreamer float64 `json:"gstreamer"`
	OverStock float64 `json:"oursOverStock"`
	Garbage   int     `json:"garbageBytes"`      // of ours, a frame
	StockWith int     `json:"stockGarbageBytes"` // of stock mediadevices
}

// clip is one input; its file has so many frames.
type clip struct {
	format        string
	width, height int
}

func (c clip) name() string { return fmt.Sprintf("%s-%dp", c.format, c.height) }

const frames = 90

func main() {
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	rows, err := measure()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot measure:", err)
		os.Exit(1)
	}
	if *asJSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		_ = enc.Encode(rows) // standard output is gone: nobody reads it
		return
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TO H.264, CPU ms A FRAME\tPODIUM\tSTOCK\tFFMPEG\tGSTREAMER\tPODIUM/STOCK\tPODIUM/FFMPEG\tGARBAGE\tOF STOCK")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.2f\t%.2f\t%d B\t%d B\n", r.Input, r.Ours, r.Stock, r.FFmpeg, r.GStreamer, r.OverStock, r.Ours/r.FFmpeg, r.Garbage, r.StockWith)
	}
	_ = w.Flush()
}

func measure() ([]row, error) {
	folder, err := os.MkdirTemp("", "podium-peers-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // a folder of the system's for what passes
	clips := []clip{{"mjpeg", 1280, 720}, {"mjpeg", 1920, 1080}, {"yuyv", 1280, 720}, {"yuyv", 1920, 1080}}
	for _, c := range clips {
		fmt.Fprintf(os.Stderr, "making %s...\n", c.name())
		if err := c.make(folder); err != nil {
			return nil, err
		}
	}
	fmt.Fprintln(os.Stderr, "measuring podium and mediadevices...")
	own, err := goPaths(folder)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, c := range clips {
		fmt.Fprintf(os.Stderr, "measuring ffmpeg and GStreamer, %s...\n", c.name())
		r := row{Input: c.name(), Ours: own[c.name()+"-ours"].cpu, Stock: own[c.name()+"-stock"].cpu, Garbage: own[c.name()+"-ours"].garbage, StockWith: own[c.name()+"-stock"].garbage}
		if r.FFmpeg, err = c.perFrame(c.ffmpeg(folder)); err != nil {
			return nil, err
		}
		if r.GStreamer, err = c.perFrame(c.gstreamer(folder)); err != nil {
			return nil, err
		}
		r.OverStock = r.Ours / r.Stock
		rows = append(rows, r)
	}
	return rows, nil
}

// make makes the clip: a test picture that moves, with noise on it, as cameras send it.
func (c clip) make(folder string) error {
	size := fmt.Sprintf("%dx%d", c.width, c.height)
	args := []string{"-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=30,noise=alls=6:allf=t", "-frames:v", strconv.Itoa(frames)}
	if c.format == "mjpeg" {
		args = append(args, "-pix_fmt", "yuvj422p", "-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg")
	} else {
		args = append(args, "-pix_fmt", "yuyv422", "-f", "rawvideo")
	}
	out, err := exec.Command("ffmpeg", append(args, filepath.Join(folder, c.name()))...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ffmpeg cannot make %s: %w: %s", c.name(), err, out)
	}
	return nil
}

// path is what the Go benchmark says of one way.
type path struct {
	cpu     float64
	garbage int
}

var line = regexp.MustCompile(`BenchmarkPath/(\S+?)(?:-\d+)?\s+\d+\s+.*?([\d.]+) cpu-ms/frame\s+(\d+) B/op`)

func goPaths(folder string) (map[string]path, error) {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkPath$", "-benchtime", "300x", "./capture")
	cmd.Env = append(os.Environ(), "PODIUM_PEERS_CLIPS="+folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	paths := map[string]path{}
	for _, m := range line.FindAllStringSubmatch(string(out), -1) {
		var p path
		p.cpu, _ = strconv.ParseFloat(m[2], 64) // the expression admits nothing else
		p.garbage, _ = strconv.Atoi(m[3])
		paths[m[1]] = p
	}
	if len(paths) != 8 {
		return nil, fmt.Errorf("the benchmark measured %d of 8 ways: %s", len(paths), out)
	}
	return paths, nil
}

// loops is how often ffmpeg reads a clip after the first time.
const loops = 2

func (c clip) ffmpeg(folder string) (*exec.Cmd, int) {
	args := []string{"-v", "error", "-nostdin", "-threads", "1", "-stream_loop", strconv.Itoa(loops)}
	if c.format == "mjpeg" {
		args = append(args, "-f", "mjpeg", "-framerate", "30")
	} else {
		args = append(args, "-f", "rawvideo", "-pix_fmt", "yuyv422", "-s", fmt.Sprintf("%dx%d", c.width, c.height), "-r", "30")
	}
	args = append(args, "-i", filepath.Join(folder, c.name()), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency",
		"-profile:v", "baseline", "-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k", "-threads", "1", "-f", "null", "-")
	return exec.Command("ffmpeg", args...), frames * (loops + 1)
}

func (c clip) gstreamer(folder string) (*exec.Cmd, int) {
	source := fmt.Sprintf("filesrc location=%s blocksize=%d ! rawvideoparse format=yuy2 width=%d height=%d framerate=30/1",
		filepath.Join(folder, c.name()), 2*c.width*c.height, c.width, c.height)
	if c.format == "mjpeg" {
		source = fmt.Sprintf("filesrc location=%s ! jpegparse ! jpegdec", filepath.Join(folder, c.name()))
	}
	pipeline := source + " ! videoconvert n-threads=1 ! video/x-raw,format=I420 ! x264enc speed-preset=ultrafast tune=zerolatency bitrate=2500 threads=1 ! video/x-h264,profile=baseline ! fakesink"
	return exec.Command("gst-launch-1.0", append([]string{"-q"}, strings.Fields(pipeline)...)...), frames
}

// perFrame runs a command and gives its processor time by the frames that it made.
func (c clip) perFrame(cmd *exec.Cmd, n int) (float64, error) {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, out)
	}
	u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, fmt.Errorf("%s: this system does not say what it used", cmd.Args[0])
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6 / float64(n), nil
}
