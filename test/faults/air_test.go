//go:build faults

package faults

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"podium/test/faults/link"
)

// largerPicture has a picture that a loaded link does not take.
const largerPicture = "width: 960, height: 540, frameRate: 30, bitRate: 500000"

const (
	// airRate is what the wireless link takes, bit/s.
	airRate = 800_000
	// airQueue is how much of it waits at the podium's end; what comes then is lost.
	airQueue = 200 * time.Millisecond
)

// airLoses is what is left of radio's faults when its own repeats are done.
var airLoses = link.Behaviour{Loss: 0.01, Jitter: 20 * time.Millisecond}

// air is a wireless link that somebody else uses, too.
type air struct {
	name   string
	others func(context.Context, *rig) error // send until the context's end
}

// airFault has the kernel's token bucket (tc-tbf(8)) hold back what leaves the podium.
func airFault(a air, lasts time.Duration) fault {
	name := fmt.Sprintf("%d kbit/s of Wi-Fi, %s, for %s", airRate/1000, a.name, length(lasts))
	return fault{name, lasts, func(ctx context.Context, r *rig) (end, error) {
		err := r.podiumNet.run(fmt.Sprintf("tc qdisc add dev link0 root tbf rate %dbit burst 4kb latency %dms", airRate, airQueue.Milliseconds()))
		if err != nil {
			return nil, err
		}
		heal := r.link.Add(airLoses, link.Both...)
		sending, stop := context.WithCancel(ctx)
		if err := a.others(sending, r); err != nil {
			stop()
			return nil, err
		}
		return func(context.Context) error {
			stop()
			heal()
			return r.podiumNet.run("tc qdisc del dev link0 root")
		}, nil
	}}
}

// constant is somebody who sends so many bit/s over UDP, whatever becomes of it.
func constant(rate int) func(context.Context, *rig) error {
	return func(ctx context.Context, r *rig) error {
		sink, err := r.stageNet.listenUDP(stageIP)
		if err != nil {
			return err
		}
		source, err := r.podiumNet.listenUDP(podiumIP)
		if err != nil {
			_ = sink.Close()
			return err
		}
		r.sending.Go(func() {
			defer func() { _, _ = sink.Close(), source.Close() }()
			packet := make([]byte, 1000)
			tick := time.NewTicker(time.Duration((len(packet)+28)*8) * time.Second / time.Duration(rate))
			defer tick.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					_, _ = source.WriteTo(packet, sink.LocalAddr()) // one that the queue does not take is lost
				}
			}
		})
		return nil
	}
}

// upload is somebody who sends a file over TCP, which takes all that it can get.
func upload(ctx context.Context, r *rig) error {
	listener, err := r.stageNet.listenTCP(stageIP)
	if err != nil {
		return err
	}
	source, err := r.podiumNet.dial(ctx, listener.Addr().String())
	if err != nil {
		_ = listener.Close()
		return err
	}
	sink, err := listener.Accept()
	_ = listener.Close()
	if err != nil {
		_ = source.Close()
		return err
	}
	stop := context.AfterFunc(ctx, func() { closeBoth(source, sink) })
	r.sending.Go(func() { _, _ = io.Copy(io.Discard, sink) })
	r.sending.Go(func() {
		defer stop()
		_, _ = io.Copy(source, endless{})
		closeBoth(source, sink)
	})
	return nil
}

func closeBoth(a, b net.Conn) { _, _ = a.Close(), b.Close() }

// endless is a file without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }
