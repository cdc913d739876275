// Package openapi holds the description of the stage service's HTTP surface, an
// OpenAPI 3 document. It is written by hand, in openapi.json; the tests of
// package server send every operation of it to a real server, in both ways.
//
// It may import the standard library only. It must not know what it describes.
package openapi
