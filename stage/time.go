package stage

import (
	"fmt"
	"time"
)

// wireTime is RFC 3339 in UTC with exactly three decimals.
const wireTime = "2006-01-02T15:04:05.000Z07:00"

// Time is a moment as it travels: RFC 3339, UTC, milliseconds.
type Time struct{ time.Time }

// MarshalJSON writes the moment with exactly three decimals.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(wireTime) + `"`), nil
}

// UnmarshalJSON accepts any RFC 3339 moment whose year in UTC has four digits.
func (t *Time) UnmarshalJSON(data []byte) error {
	parsed, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(data))
	if err != nil {
		return fmt.Errorf("cannot read %s as an RFC 3339 time: %w", data, err)
	}
	if year := parsed.UTC().Year(); year < 0 || year > 9999 {
		return fmt.Errorf("cannot read %s as an RFC 3339 time: in UTC it is in the year %d", data, year)
	}
	t.Time = parsed
	return nil
}
