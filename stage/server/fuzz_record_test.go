package server

import (
	"encoding/csv"
	"mime"
	"net/http/httptest"
	"strings"
	"testing"

	"podium/stage"
)

// checkCSV reads the record as a spreadsheet does.
func checkCSV(t *testing.T, meeting string, entries []stage.Entry) {
	t.Helper()
	w := httptest.NewRecorder()
	writeCSV(w, "record-"+meeting, entries)
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != len(entries)+1 {
		t.Fatalf("the record of %q is read as %q, %v", meeting, rows, err)
	}
	for _, row := range rows[1:] {
		if len(row) != len(recordHeader) {
			t.Errorf("the line %q has %d cells", row, len(row))
		}
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("%s is the formula %q", recordHeader[i], cell)
			}
		}
	}
	_, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
	if file := params["filename"]; err != nil || strings.ContainsAny(file, "/\\\"\r\n\x00") || strings.Contains(file, "..") {
		t.Errorf("the record of %q is saved as %q, %v", meeting, file, err)
	}
}
