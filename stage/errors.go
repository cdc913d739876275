package stage

import (
	"fmt"
	"time"
)

// Code is a stage error's number. Code and text travel together.
type Code int

// The codes of the contract. They are checked in the order 2005, 2003, 2001,
// 2006, then the rest. The vendor's published table gives other texts for
// 2002-2006 than its SDK throws; the SDK is what its users meet.
const (
	CodeInternal         Code = 2000
	CodePermissionDenied Code = 2001
	CodeStageDisabled    Code = 2003
	CodeNotImplemented   Code = 2004
	CodeNotJoined        Code = 2005
	CodeWrongStatus      Code = 2006
	CodeStageFull        Code = 2101
	CodeQueueFull        Code = 2102
	CodeTooSoon          Code = 2103
	CodeUnknownUser      Code = 2104
	CodeGrantExpired     Code = 2105
)

var codeTexts = map[Code]string{
	CodeInternal:         "internal error",
	CodePermissionDenied: "permission denied",
	CodeStageDisabled:    "stage is disabled in this meeting",
	CodeNotImplemented:   "method not implemented by this engine",
	CodeNotJoined:        "not joined to the meeting",
	CodeWrongStatus:      "not allowed in the current stage status",
	CodeStageFull:        "stage is full",
	CodeQueueFull:        "queue is full, or requests are closed",
	CodeTooSoon:          "too soon after a rejection",
	CodeUnknownUser:      "unknown userId",
	CodeGrantExpired:     "grant expired",
}

// String gives the contract's text of the code.
func (c Code) String() string {
	if text, ok := codeTexts[c]; ok {
		return text
	}
	return fmt.Sprintf("stage error %d", int(c))
}

// Error is a refusal by the rules. Code is for programs, Detail for people.
type Error struct {
	Code   Code
	Detail string // what was refused and why; may be empty
	// RetryAfter is when the same call may be accepted; 0: not known. It travels
	// as retryAfterMs.
	RetryAfter time.Duration
}

// Error gives the code's text, and behind a colon the detail.
func (e *Error) Error() string {
	if e.Detail == "" {
		return e.Code.String()
	}
	return e.Code.String() + ": " + e.Detail
}

// Is makes errors.Is(err, &Error{Code: c}) compare by code alone.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

func refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}
