package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"strings"
	"time"

	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
	"podium/stage/server/servertest"
)

// hall is a real stage server on loopback for the examples.
type hall struct {
	*httptest.Server
	stage *server.Server
	key   []byte
}

func openHall() *hall {
	h := &hall{key: bytes.Repeat([]byte("k"), server.MinKeyLength)}
	var err error
	if h.stage, err = server.New(server.Config{Key: h.key, Engine: &servertest.Engine{}}); err != nil {
		log.Fatal(err)
	}
	h.Server = httptest.NewServer(h.stage.Handler())
	return h
}

func (h *hall) close() {
	if err := h.stage.Close(context.Background()); err != nil {
		log.Fatal(err)
	}
	h.Close()
}

func (h *hall) token(user, name, preset string) string {
	token, err := server.NewToken(h.key, server.TokenRequest{
		Meeting: "hall", UserID: user, Name: name, Preset: stage.Presets[preset], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	return token
}

// enter keeps a participant in the meeting until leave is called.
func (h *hall) enter(user, name string) (c *client.Client, leave func()) {
	token := h.token(user, name, "podium")
	joined := make(chan struct{}, 1)
	c, err := client.New(client.Config{
		Server: h.URL, Token: func() (string, error) { return token, nil },
		Handle: func(r client.Report) {
			if _, ok := r.(client.Connected); ok {
				joined <- struct{}{}
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	<-joined
	return c, func() { stop(); <-ended }
}

// A participant asks for the stage, hears what a host decides, and joins.
func ExampleClient() {
	hall := openHall()
	defer hall.close()
	token := hall.token("podium-1", "Podium 1", "podium")

	joined, approved := make(chan stage.Joined, 1), make(chan stage.Approved, 1)
	c, err := client.New(client.Config{
		Server: hall.URL,
		Token:  func() (string, error) { return token, nil },
		Handle: func(r client.Report) { // in order, from one goroutine; it must not wait
			switch r := r.(type) {
			case client.Connected:
				joined <- r.Joined
			case client.Disconnected:
				fmt.Println("lost:", r.Err)
			case client.Notification:
				if r.Event == stage.EventApproved {
					var a stage.Approved
					if err := json.Unmarshal(r.Params, &a); err == nil {
						approved <- a
					}
				}
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }() // keeps the connection up until the context ends

	fmt.Println("I am", (<-joined).Self.UserID)
	var answer stage.StatusResult
	if err := c.Call(ctx, stage.RequestAccess, nil, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status)

	err = c.Call(ctx, stage.Join, nil, nil) // nobody has granted it yet
	fmt.Println("refused:", errors.Is(err, &stage.Error{Code: stage.CodeWrongStatus}))

	hall.grant("podium-1") // a host lets it on
	fmt.Println("may carry", (<-approved).Media)
	if err := c.Call(ctx, stage.Join, nil, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status, "publishes to", strings.TrimPrefix(answer.Publish.URL, hall.URL))

	stop() // leaves the meeting
	fmt.Println("ended:", <-ended)
	// Output:
	// I am podium-1
	// REQUESTED_TO_JOIN_STAGE
	// refused: true
	// may carry [audio video]
	// ON_STAGE publishes to /v1/whip/hall
	// ended: <nil>
}

func (h *hall) grant(user string) {
	host, err := client.NewREST(h.URL, h.token("chair", "The chair", "host"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := host.Decide(context.Background(), stage.GrantAccess, stage.Targets{UserIDs: []string{user}}); err != nil {
		log.Fatal(err)
	}
}

// A script drives a meeting as its host: it sees who asks, and decides.
func ExampleREST() {
	hall := openHall()
	defer hall.close()
	podium, leave := hall.enter("podium-1", "Podium 1")
	defer leave()
	ctx := context.Background()
	if err := podium.Call(ctx, stage.RequestAccess, nil, nil); err != nil {
		log.Fatal(err)
	}

	host, err := client.NewREST(hall.URL, hall.token("chair", "The chair", "host"))
	if err != nil {
		log.Fatal(err)
	}
	waiting, err := host.Requests(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range waiting {
		fmt.Printf("%d. %s\n", r.Position, r.DisplayName)
	}
	results, err := host.Decide(ctx, stage.GrantAccess, stage.Targets{
		UserIDs: []string{"podium-1", "podium-9"},
		Expect:  stage.Requested, // another host may have been faster
		Media:   []stage.Media{stage.Audio},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range results {
		if r.OK {
			fmt.Println(r.UserID, "is let on")
		} else {
			fmt.Println(r.UserID, "is not:", r.Message)
		}
	}

	limit := 3
	settings, err := host.UpdateSettings(ctx, stage.SettingsPatch{StageLimit: &limit})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("at most", settings.StageLimit, "on stage")
	// Output:
	// 1. Podium 1
	// podium-1 is let on
	// podium-9 is not: unknown userId: "podium-9" is not in the meeting
	// at most 3 on stage
}

// What is refused says why by its code.
func ExampleREST_refused() {
	hall := openHall()
	defer hall.close()
	viewer, err := client.NewREST(hall.URL, hall.token("eve", "Eve", "viewer"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = viewer.Requests(context.Background())
	var refused *stage.Error
	if errors.As(err, &refused) {
		fmt.Println(int(refused.Code), refused)
	}
	// Output:
	// 2001 permission denied: stage.getAccessRequests needs a preset that accepts stage requests
}
