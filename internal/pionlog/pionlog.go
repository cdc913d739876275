package pionlog

import (
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// Factory makes Pion's loggers. They write one level lower than Pion thinks: what
// it warns about, such as a viewer that went away, is ordinary on a network. The
// rest is dropped.
type Factory struct{ Log *slog.Logger }

// NewLogger meets logging.LoggerFactory.
func (f Factory) NewLogger(scope string) logging.LeveledLogger {
	return logger{f.Log.With("pion", scope)}
}

type logger struct{ log *slog.Logger }

func (logger) Trace(string)          {}
func (logger) Tracef(string, ...any) {}
func (logger) Debug(string)          {}
func (logger) Debugf(string, ...any) {}
func (logger) Info(string)           {}
func (logger) Infof(string, ...any)  {}

func (l logger) Warn(msg string)                  { l.log.Debug(msg) }
func (l logger) Warnf(format string, args ...any) { l.log.Debug(fmt.Sprintf(format, args...)) }

func (l logger) Error(msg string)                  { l.log.Warn(msg) }
func (l logger) Errorf(format string, args ...any) { l.log.Warn(fmt.Sprintf(format, args...)) }
