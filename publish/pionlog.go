package publish

import (
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLog lets Pion write into slog, one level lower than it thinks: what it
// warns about is ordinary on a network.
type pionLog struct{ log *slog.Logger }

// NewLogger implements logging.LoggerFactory.
func (p pionLog) NewLogger(scope string) logging.LeveledLogger {
	return pionLog{p.log.With("pion", scope)}
}

func (p pionLog) Trace(string)          {}
func (p pionLog) Tracef(string, ...any) {}
func (p pionLog) Debug(string)          {}
func (p pionLog) Debugf(string, ...any) {}
func (p pionLog) Info(string)           {}
func (p pionLog) Infof(string, ...any)  {}

func (p pionLog) Warn(msg string)                  { p.log.Debug(msg) }
func (p pionLog) Warnf(format string, args ...any) { p.log.Debug(fmt.Sprintf(format, args...)) }

func (p pionLog) Error(msg string)                  { p.log.Warn(msg) }
func (p pionLog) Errorf(format string, args ...any) { p.log.Warn(fmt.Sprintf(format, args...)) }
