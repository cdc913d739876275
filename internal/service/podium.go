package service

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"podium/appliance"
	"podium/capture"
	"podium/config"
	"podium/control"
	"podium/internal/trust"
	"podium/publish"
)

// RunPodium is `podium run`: the daemon on the device.
func RunPodium(ctx context.Context, c config.Podium, version string, log *slog.Logger) error {
	return RunPodiumOn(ctx, c, func(own publish.Devices) publish.Devices { return own }, version, log)
}

// RunPodiumOn is RunPodium on other devices than its own, or with something between
// it and those that its configuration names.
func RunPodiumOn(ctx context.Context, c config.Podium, devices func(own publish.Devices) publish.Devices, version string, log *slog.Logger) error {
	if err := capture.CheckEncoder(c.Camera.Encoder); err != nil {
		return fmt.Errorf("camera.encoder: %w", err)
	}
	uc := unitConfig{
		server: c.Server, token: func() (string, error) { return config.ReadToken(c.TokenFile) },
		camera: cameraOf(c.Camera, log), microphone: microphoneOf(c.Microphone, log),
		devices: devices,
		options: appliance.Options{PressToJoin: c.Join == config.JoinPress},
		version: version, log: log, front: noFront{},
	}
	server, err := url.Parse(c.Server)
	if err != nil {
		return fmt.Errorf("cannot use %q as the stage server: %w", c.Server, err)
	}
	if uc.broker, err = brokerOf(c.MQTT, log); err != nil {
		return fmt.Errorf("mqtt.broker: %w", err)
	}
	if uc.pin, err = trust.NewPin(c.Server, c.Fingerprint); err != nil {
		return err
	}
	uc.loopback = isLoopback(server.Hostname())
	warnOfPodium(c, uc.loopback, log)
	if c.Panel.Kind == config.PanelGPIO {
		// The first thing that is opened: see package header on descriptors.
		f, err := openPanel(func() (lines, error) { return openGPIO(c.Panel, log.With("part", "panel")) }, log.With("part", "panel"))
		if err != nil {
			return err
		}
		defer f.close()
		uc.front = f
		uc.options.OneButton, uc.options.Yellow = c.Panel.Cancel.Line == config.None, c.Panel.Yellow.Line != config.None
	}
	if uc.socket, err = control.Listen(c.Socket); err != nil {
		return err
	}
	if c.MetricsListen != config.None {
		if uc.numbers, err = net.Listen("tcp", c.MetricsListen); err != nil {
			_ = uc.socket.Close()
			return fmt.Errorf("cannot listen on %s (key metricsListen): %w", c.MetricsListen, err)
		}
	}
	life := newLife(log)
	defer life.close(stopGrace)
	uc.life = life
	u, err := newUnit(uc)
	if err != nil {
		_ = uc.socket.Close()
		if uc.numbers != nil {
			_ = uc.numbers.Close()
		}
		return err
	}
	log.Info("podium ready", "server", c.Server, "socket", c.Socket, "panel", c.Panel.Kind)
	return u.run(ctx)
}

func cameraOf(c config.Camera, log *slog.Logger) *capture.VideoConfig {
	if c.Device == config.None && len(c.Command) == 0 {
		return nil
	}
	return &capture.VideoConfig{
		Device: c.Device, Width: c.Width, Height: c.Height, FrameRate: float64(c.FrameRate), BitRate: c.BitRate, Encoder: c.Encoder, Command: c.Command,
		Delay: time.Duration(c.Delay) * time.Millisecond,
		Log:   log.With("part", "camera"),
	}
}

func microphoneOf(c config.Microphone, log *slog.Logger) *capture.AudioConfig {
	if c.Device == config.None {
		return nil
	}
	return &capture.AudioConfig{
		Device: c.Device, BitRate: c.BitRate, Channels: string(c.Channels), HighPass: float64(c.HighPass), Gain: float64(c.Gain),
		Delay: time.Duration(c.Delay) * time.Millisecond,
		Log:   log.With("part", "microphone"),
	}
}
