//go:build hil

package hil

import (
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// bars are vivid's eight bars (75 %) from left to right, as red, green, blue.
var bars = [8][3]int{
	{191, 191, 191}, {191, 191, 0}, {0, 191, 191}, {0, 191, 0},
	{191, 0, 191}, {191, 0, 0}, {0, 0, 191}, {0, 0, 0},
}

// checkPicture decodes what a viewer kept, counts the frames and looks for
// vivid's bars in one of them, which stays behind as picture.png.
func checkPicture(t *testing.T, file string) {
	dir := filepath.Dir(file)
	report := shell(t, dir, nil, "ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0",
		"-show_entries", "stream=codec_name,width,height,nb_read_frames", "-of", "json", file)
	var found struct {
		Streams []struct {
			Codec  string `json:"codec_name"`
			Width  int    `json:"width"`
			Height int    `json:"height"`
			Frames string `json:"nb_read_frames"`
		} `json:"streams"`
	}
	if err := json.Unmarshal(report, &found); err != nil || len(found.Streams) != 1 {
		t.Fatalf("not one video stream: %s %v", report, err)
	}
	s := found.Streams[0]
	frames, err := strconv.Atoi(s.Frames)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("picture: %s %dx%d, %d frames decoded", s.Codec, s.Width, s.Height, frames)
	if s.Codec != "h264" || s.Width != 320 || s.Height != 180 || frames <= 10 {
		t.Errorf("got %s %dx%d with %d frames, want h264 320x180 with more than 10", s.Codec, s.Width, s.Height, frames)
	}
	still := filepath.Join(dir, "picture.png")
	shell(t, dir, nil, "ffmpeg", "-v", "error", "-y", "-i", file, "-vf", "select=eq(n\\,10)", "-frames:v", "1", still)
	checkBars(t, still)
}

func checkBars(t *testing.T, file string) {
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	picture, err := png.Decode(in)
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds().Size()
	for n, want := range bars {
		// Near the bottom: vivid writes its text above.
		got := patch(picture, (2*n+1)*size.X/16, size.Y*9/10)
		for c := range got {
			if d := got[c] - want[c]; d < -60 || d > 60 {
				t.Errorf("bar %d is %v, want about %v", n, got, want)
				break
			}
		}
	}
}

// patch is the mean colour of the 5x5 pixels around a point.
func patch(picture image.Image, x, y int) (mean [3]int) {
	for dx := -2; dx <= 2; dx++ {
		for dy := -2; dy <= 2; dy++ {
			r, g, b, _ := picture.At(x+dx, y+dy).RGBA()
			mean[0], mean[1], mean[2] = mean[0]+int(r>>8), mean[1]+int(g>>8), mean[2]+int(b>>8)
		}
	}
	return [3]int{mean[0] / 25, mean[1] / 25, mean[2] / 25}
}
