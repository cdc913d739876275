// Package server is the stage service: JSON-RPC 2.0 over WebSocket for
// participants, a REST mirror for hosts' scripts, tokens, and the pages. It
// carries the rules of package stage to the network and tells a media engine
// whom to admit and whom to evict.
//
// It may import package stage, stage/door, stage/web, internal/steady, gorilla/websocket,
// golang-jwt and x/time/rate. It must not touch RTP: media is an Engine's matter.
package server
