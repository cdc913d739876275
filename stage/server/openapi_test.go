package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"podium/stage/room"
	"podium/stage/server/openapi"
)

func init() {
	openapi3filter.RegisterBodyDecoder("application/sdp", openapi3filter.PlainBodyDecoder)
}

// described is the service held against its own description.
type described struct {
	*house
	doc    *openapi3.T
	router routers.Router
	seen   map[string][]int // by operationId: the statuses that came

	room     *room.Room
	location string // of the last answer
}

func describe(h *house) *described {
	h.t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Document)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	doc.Servers = nil // found by path alone
	for _, schema := range doc.Components.Schemas {
		closeSchema(schema.Value)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		h.t.Fatal(err)
	}
	return &described{house: h, doc: doc, router: router, seen: map[string][]int{}}
}

// closeSchema makes a key that the document does not name an error: a client may
// ignore it, our document may not.
func closeSchema(s *openapi3.Schema) {
	if s.Properties != nil && s.AdditionalProperties.Has == nil {
		s.AdditionalProperties.Has = openapi3.Ptr(false)
	}
	for _, p := range s.Properties {
		if p.Ref == "" {
			closeSchema(p.Value)
		}
	}
}

// send does one call and wants this status.
func (d *described) send(method, path, token, body string, want int, header ...string) string {
	d.t.Helper()
	status, text, problem := d.exchange(method, path, token, body, header...)
	if problem != nil {
		d.t.Error(problem)
	}
	if status != want {
		d.t.Errorf("%s %s %.100q is answered %d %s, want %d", method, path, body, status, text, want)
	}
	return text
}

// exchange does one call and holds request and response against the document: the
// request fits it, or it is answered 400 (what is larger than 64 KiB, nobody reads).
func (d *described) exchange(method, path, token, body string, header ...string) (status int, text string, problem error) {
	d.t.Helper()
	r := d.newRequest(method, path, token, body, header)
	in := d.input(r)
	unfit := openapi3filter.ValidateRequest(context.Background(), in)
	r.Body = io.NopCloser(strings.NewReader(body))
	response, err := d.web.Client().Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	status, d.location = response.StatusCode, response.Header.Get("Location")
	id := in.Route.Operation.OperationID
	d.seen[id] = append(d.seen[id], status)
	where := fmt.Sprintf("%s %s %.100q, answered %d %.300s", method, path, body, status, answer)
	early := status > 400 && status < 500 || status == 503 // refused before the body was looked at
	if (unfit != nil) != (status == http.StatusBadRequest) && !early {
		return status, string(answer), fmt.Errorf("%s: the document says of the request: %w", where, unfit)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: status, Header: response.Header,
		Body: io.NopCloser(bytes.NewReader(answer)), Options: in.Options,
	})
	if err != nil {
		err = fmt.Errorf("%s: the answer does not fit the document: %w", where, err)
	}
	return status, string(answer), err
}

func (d *described) newRequest(method, path, token, body string, header []string) *http.Request {
	d.t.Helper()
	r, err := http.NewRequest(method, d.web.URL+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// input finds what the document says of a request.
func (d *described) input(r *http.Request) *openapi3filter.RequestValidationInput {
	d.t.Helper()
	found, params, err := d.router.FindRoute(r)
	if err != nil {
		d.t.Fatalf("%s %s is not in the document: %v", r.Method, r.URL.Path, err)
	}
	return &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: found,
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true, IncludeResponseStatus: true,
		},
	}
}

// operations lists what the document describes, as "GET /path".
func (d *described) operations() []string {
	var list []string
	for path, item := range d.doc.Paths.Map() {
		for verb := range item.Operations() {
			list = append(list, verb+" "+path)
		}
	}
	slices.Sort(list)
	return list
}

// The document describes what the service serves, and nothing else.
func TestDocumentIsOfTheseRoutes(t *testing.T) {
	h := openHouse(t)
	if got, want := describe(h).operations(), h.stage.Routes(); !slices.Equal(got, want) {
		t.Errorf("described:\n  %s\nserved:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestDocumentIsServed(t *testing.T) {
	status, body := openHouse(t).request("GET", "/v1/openapi.json", "", "")
	if status != 200 || body != string(openapi.Document) {
		t.Errorf("answered %d, %d bytes", status, len(body))
	}
}

// Every example of the document fits its own schema (Validate looks at them),
// and every operation is sent, in every way that its description names but for
// failures of the service itself.
func TestDocumentAgainstTheService(t *testing.T) {
	h, engine := openRoom(t)
	d := describe(h)
	d.room = engine
	d.sendGood()
	d.sendBad()
	d.sendRefused()
	d.sendMedia()
	d.sendEnrol()
	d.sendRest()
	for path, item := range d.doc.Paths.Map() {
		for verb, op := range item.Operations() {
			for status := range op.Responses.Map() {
				if status == "500" || slices.Contains(d.seen[op.OperationID], number(status)) {
					continue
				}
				t.Errorf("%s %s never answered %s", verb, path, status)
			}
		}
	}
}

func number(text string) (n int) {
	_, _ = fmt.Sscan(text, &n)
	return n
}
