package fingerprint

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Made by openssl; what it says of it:
//
//	openssl x509 -in FILE -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256
//	openssl x509 -in FILE -noout -fingerprint -sha256
const (
	certificate = `-----BEGIN CERTIFICATE-----
MIIBhjCCASugAwIBAgIUVm/MouS5x1r/7UAFvfeksuqpToIwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNc3RhZ2UuZXhhbXBsZTAeFw0yNjExMjYwMjA2MzhaFw0zNjEx
MjMwMjA2MzhaMBgxFjAUBgNVBAMMDXN0YWdlLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATzEuBI4XRpaYFXjGTrZr35SC2Uv6mpHWdD54vySeIg5Yb+
dFvqxaPT3H8QWiZpbvOKE1i90LsutGXj8NegEo2xo1MwUTAdBgNVHQ4EFgQUBMpo
Aq+sGrrJtAHn4SvqgNWbIh4wHwYDVR0jBBgwFoAUBMpoAq+sGrrJtAHn4SvqgNWb
Ih4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAl0Uoq1cCQGRV
VMfL7VdBQg512W/HnS7C6w4GueneOwICIQDVbq5a6EOh4ip7WuqH/FAntNrEuDqn
bTvbmyeJpugR3g==
-----END CERTIFICATE-----
`
	ofKey         = "9f755407713679a3cdbdc31be050ae239a65da511be85823632de378dc3721f8"
	ofCertificate = "0F:11:68:11:A6:91:13:C2:02:3A:7C:DA:A7:39:13:2B:FF:18:EF:E2:9B:DB:39:D2:CF:9D:F6:2E:CA:75:67:B1"
)

func TestAsOpensslSays(t *testing.T) {
	block, _ := pem.Decode([]byte(certificate))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for text, got := range map[string]Key{ofKey: Of(cert), ofCertificate: OfCertificate(cert)} {
		if want, err := Parse(text); err != nil || got != want {
			t.Errorf("got %s, openssl says %s (%v)", got, text, err)
		}
	}
}

// A fingerprint is understood in every form in which people have one.
func TestEveryFormOfAFingerprint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var k Key
		copy(k[:], rapid.SliceOfN(rapid.Byte(), len(k), len(k)).Draw(t, "bytes"))
		if k.IsZero() {
			return // it stands for none
		}
		digits := strings.TrimPrefix(k.String(), prefix)
		colons := strings.ReplaceAll(fmt.Sprintf("% x", k[:]), " ", ":")
		for _, form := range []string{digits, colons} {
			for _, text := range []string{form, strings.ToUpper(form), prefix + form, "sha256:" + strings.ToUpper(form)} {
				if got, err := Parse(text); err != nil || got != k {
					t.Fatalf("%s: %s, %v", text, got, err)
				}
			}
		}
	})
}

func TestWhatIsNoFingerprint(t *testing.T) {
	good := strings.Repeat("ab", 32)
	for text, says := range map[string]string{
		"":                                      "it has 0 digits",
		"SHA256:":                               "it has 0 digits",
		good[2:]:                                "it has 62 digits",
		good[1:]:                                "half a byte",
		good + "ab":                             "it has 66 digits",
		"SHA1:" + good:                          "not two digits between the colons",
		"SHA256:" + good[:32] + ":" + good[32:]: "not two digits between the colons",
		"xy" + good[2:]:                         "other characters",
		" " + good:                              "other characters",
		"SHA256:jLJf6oVBxTzBLfGbwpHQfmXxBHgE4bFzrH5zcLxCaYI=": "other characters", // as ssh writes it
		strings.Repeat("0", 64):                               "nothing but zeros",
	} {
		got, err := Parse(text)
		if err == nil || !got.IsZero() || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "podium fingerprint prints") {
			t.Errorf("%q: %s, %v; want %q", text, got, err, says)
		}
	}
}
