// Package web holds the pages of the stage and the browser SDK, embedded as
// they are: no build step, no framework, nothing fetched from elsewhere.
//
// Pages: / (start), /console (a host's), /watch (the viewers'), /panel (the
// simulated podium, demo only). The SDK is the ES module /sdk/stage.js; what the
// pages need besides lies under /assets/.
//
// It may import: the standard library.
// It must not know a meeting, a token or the media: the pages get all of that
// over the wire, like any other client.
package web
