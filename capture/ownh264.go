package capture

import (
	"time"

	"github.com/pion/mediadevices/pkg/prop"

	"podium/capture/internal/annexb"
	"podium/capture/v4l2"
)

// OwnEncoder is the Encoder of a VideoConfig whose camera gives H.264 itself.
const OwnEncoder = "camera"

// encodingCamera is a camera that encodes its picture itself, for one recording.
type encodingCamera interface {
	Open() error
	EncodedRecord(want prop.Media, bitRate int) (unitReader, error)
	Close() error
}

// unitReader is what such a camera gives. Read belongs to one goroutine.
type unitReader interface {
	Read() (data []byte, captured time.Time, damaged bool, err error)
	RequestKeyframe()
	Name() string
}

// v4l2Camera is package v4l2's.
type v4l2Camera struct{ *v4l2.Camera }

// EncodedRecord meets encodingCamera.
func (c v4l2Camera) EncodedRecord(want prop.Media, bitRate int) (unitReader, error) {
	return c.Camera.EncodedRecord(want, bitRate)
}

// ownH264 reads such a camera, and looks for it when it is gone.
type ownH264 struct {
	*keeper[unitReader]
	choice choice
	units  chan encodedUnit
	ended  chan struct{}
}

func startOwnH264(c VideoConfig, fresh func(device string) encodingCamera) (*ownH264, error) {
	o := &ownH264{choice: choice{configured: c.Device}, units: make(chan encodedUnit, unitQueue), ended: make(chan struct{})}
	want := prop.Media{Video: prop.Video{Width: c.Width, Height: c.Height, FrameRate: float32(c.FrameRate)}}
	o.keeper = newKeeper("camera", c.Log, func(gone time.Duration) (started[unitReader], error) {
		d := fresh(o.choice.next(gone))
		if err := d.Open(); err != nil {
			return started[unitReader]{}, err
		}
		reader, err := d.EncodedRecord(want, c.BitRate)
		if err != nil {
			_ = d.Close() // it does not record
			return started[unitReader]{}, err
		}
		o.choice.took(reader.Name())
		return started[unitReader]{reader: reader, close: d.Close}, nil
	})
	if err := o.begin(); err != nil {
		return nil, err
	}
	go o.run()
	return o, nil
}

// run hands on what the camera gives, until Close. No unit is left out but together with
// all that need it.
func (o *ownH264) run() {
	defer close(o.ended)
	var sets annexb.Splitter
	lost := true
	for !o.isClosed() {
		live, ok := o.live()
		if !ok {
			lost = true
			select {
			case <-o.back:
			case <-o.stop:
			}
			continue
		}
		data, captured, damaged, err := live.Read()
		if err != nil {
			if !o.isClosed() {
				o.lose(err)
			}
			continue
		}
		_, bad := sets.Write(data)
		unit, whole := sets.Flush()
		if damaged || bad != nil || !whole {
			sets, lost = annexb.Splitter{}, true
			live.RequestKeyframe()
			continue
		}
		if lost = lost && !unit.IDR; lost {
			live.RequestKeyframe()
			continue
		}
		o.works()
		select {
		case o.units <- encodedUnit{unit, captured}:
		default: // the reader is late
			lost = true
		}
	}
}

// Units gives the access units as they come.
func (o *ownH264) Units() <-chan encodedUnit { return o.units }

// Stopped is closed by Close.
func (o *ownH264) Stopped() <-chan struct{} { return o.stop }

// RequestKeyframe asks the camera for a keyframe, if it can be asked.
func (o *ownH264) RequestKeyframe() {
	if live, ok := o.live(); ok {
		live.RequestKeyframe()
	}
}

// Name is the camera's, or as configured where none was found yet.
func (o *ownH264) Name() string { return o.choice.name() }

// Close closes the camera and waits for its end.
func (o *ownH264) Close() error {
	err := o.keeper.Close()
	<-o.ended
	return err
}
