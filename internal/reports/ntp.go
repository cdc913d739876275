package reports

import "time"

// ntpEpoch is the Unix time of NTP's zero, 1 January 1900, in s.
const ntpEpoch = -2208988800

// NTP gives t as the 64 bits of RFC 3550, section 4: seconds and their 2^32nd parts.
func NTP(t time.Time) uint64 {
	return uint64(t.Unix()-ntpEpoch)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// Time gives the moment that NTP's 64 bits stand for, between 1900 and 2036.
func Time(ntp uint64) time.Time {
	fraction := (ntp&(1<<32-1)*uint64(time.Second) + 1<<31) >> 32
	return time.Unix(int64(ntp>>32)+ntpEpoch, int64(fraction))
}
