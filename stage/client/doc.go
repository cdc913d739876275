// Package client is one participant's connection to a stage server: JSON-RPC
// 2.0 over WebSocket, with reconnection. It reports what it hears; what to make
// of a silence is its owner's decision.
//
// It may import package stage and gorilla/websocket. It must not decide about
// media or lamps.
package client
