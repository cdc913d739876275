package config

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes docs/configuration.md: both files, key by key.
func WriteMarkdown(w io.Writer) error {
	p, s := DefaultPodium(), DefaultStage()
	out := bufio.NewWriter(w)
	fmt.Fprint(out, preface)
	markdownTable(out, "podium.yaml", podiumSchema(&p))
	markdownTable(out, "stage.yaml", stageSchema(&s))
	return out.Flush()
}

const preface = `# Configuration

<!-- Made from package config; go test ./config -update writes it anew. -->

There are two files, one for each side. Every key may be left out; then its default holds. To start from a file
with every key explained:

    podium run --print-config > podium.yaml
    podium stage --print-config > stage.yaml

An unknown key, a wrong type or an impossible value ends the program with exit code 3 and a line that names the file,
the line in it, the key, and what to do:

    podium.yaml:12: camera.width: 12 is impossible; give 160 to 1920

## Environment

Every key can be overridden by an environment variable: ` + "`PODIUM_`" + ` and the key in capitals, with an underscore
for each dot and before each new word: ` + "`camera.frameRate`" + ` is ` + "`PODIUM_CAMERA_FRAME_RATE`" + `. Lists are
written with commas. A variable that is set but empty counts as not set.

## Secrets

Secrets are never values and never on the command line; keys name the files that hold them. A name without a slash is
first looked for among the credentials that systemd hands over (` + "`LoadCredential=`, `$CREDENTIALS_DIRECTORY`" + `).
Any other relative name counts from the configuration file's folder, or from the working folder when it comes from the
environment.

The stage's key, once:

    (umask 077; head -c 32 /dev/urandom | base64 > stage.key)

A podium's token, made on the server:

    podium token --meeting hall --user podium-1 --name "Podium 1" --preset podium --config stage.yaml --out podium.token

A key that others can read is refused, with the command that mends it: the stage's key and a certificate's key have
the mode 0600, or 0640 when they are root's (so that root can hand them to the service's group). A token that others can
read is used all the same, with a warning: a podium must not fall silent because of it. What systemd hands over as a
credential is always right. What podium writes itself (` + "`--out`" + `, the store, a self-made key, the demo's
tokens) only its owner can read.

[TLS](tls.md) tells how podiums know their stage.
`

func markdownTable(w io.Writer, file string, s schema) {
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n| key | default | meaning | environment |\n|---|---|---|---|\n", file, s.title)
	for _, one := range s.settings {
		value := strings.Trim(yamlValue(one), `"`)
		if value != "" {
			value = "`" + value + "`"
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | `%s` |\n", one.key, value, strings.ReplaceAll(one.doc, "|", `\|`), EnvName(one.key))
	}
}
