// Package client speaks to a stage server.
//
// A Client is one participant's connection: JSON-RPC 2.0 over WebSocket, with
// reconnection. It reports what it hears; what to make of a silence is its
// owner's decision. Call and Go send any method of package stage: a
// participant's own, or, with a host's token, those that decide for others.
//
// REST drives a meeting as its host by single calls, without joining it: for
// scripts and control surfaces.
//
// A refusal by the stage is a *stage.Error with its code, and where the server
// knows it, the time to wait; errors.Is compares by the code alone. Tokens are
// made by the command podium token, or by whoever holds the server's key.
//
// It may import package stage, internal/plain and gorilla/websocket. It must not decide about
// media or lamps.
package client
