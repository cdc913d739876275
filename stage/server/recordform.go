package server

import (
	"bytes"
	"encoding/csv"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"podium/stage"
)

// serveRecord is GET /v1/meetings/{meeting}/record: who was on stage.
func (s *Server) serveRecord(w http.ResponseWriter, r *http.Request) {
	s.inMeeting(w, r, func(m *meeting, a stage.Actor) {
		asCSV, bad := wantsCSV(r)
		if bad != nil {
			writeRefusal(w, bad)
			return
		}
		if refused := onlyHosts(a, "the record"); refused != nil {
			writeRefusal(w, stageError(refused))
			return
		}
		entries, err := m.record()
		switch {
		case err != nil:
			m.log.Error("cannot read the record", "err", err)
			writeRefusal(w, &rpcError{Code: int(stage.CodeInternal), Message: "internal error: cannot read the record"})
		case asCSV:
			writeCSV(w, "record-"+m.name, entries)
		default:
			writeJSON(w, http.StatusOK, append([]stage.Entry{}, entries...))
		}
	})
}

// wantsCSV reads the form asked for: by the query, else by Accept.
func wantsCSV(r *http.Request) (bool, *rpcError) {
	switch format := r.URL.Query().Get("format"); format {
	case "csv":
		return true, nil
	case "json":
		return false, nil
	case "":
		return prefersCSV(r.Header.Values("Accept")), nil
	default:
		return false, badParams("format is %s: use csv or json", quote(format))
	}
}

// prefersCSV reports whether CSV is the first of our two forms that is accepted.
func prefersCSV(accept []string) bool {
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		switch kind, _, _ := mime.ParseMediaType(part); kind {
		case "text/csv":
			return true
		case "application/json":
			return false
		}
	}
	return false
}

var recordHeader = []string{
	"userId", "displayName", "onStageAt", "offStageAt", "onStageMs", "onAirMs", "how", "letInBy", "media", "endReason", "endedBy",
}

// writeCSV writes the record as RFC 4180 has it, with a header.
func writeCSV(w http.ResponseWriter, name string, entries []stage.Entry) {
	var body bytes.Buffer
	out := csv.NewWriter(&body)
	out.UseCRLF = true
	_ = out.Write(recordHeader) // into memory: it cannot fail
	for _, e := range entries {
		_ = out.Write(recordLine(e))
	}
	out.Flush()
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name) + ".csv"}))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(body.Bytes())
}

func recordLine(e stage.Entry) []string {
	media := make([]string, len(e.Media))
	for i, m := range e.Media {
		media[i] = string(m)
	}
	line := []string{
		e.UserID, e.DisplayName, wireTime(&e.OnStageAt), wireTime(e.OffStageAt),
		strconv.FormatInt(e.OnStageMs, 10), strconv.FormatInt(e.OnAirMs, 10),
		string(e.How), e.LetInBy, strings.Join(media, " "), string(e.EndReason), e.EndedBy,
	}
	for i, cell := range line {
		line[i] = asText(cell)
	}
	return line
}

func wireTime(t *stage.Time) string {
	if t == nil {
		return ""
	}
	return strings.Trim(string(encode(t)), `"`)
}

// asText keeps a spreadsheet from taking a name for a formula.
func asText(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// fileName makes a name that is one on every file system.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, name)
}
