//go:build man

package main

import (
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// The command that writes the manual pages is not in the program that is installed: the
// package is made with it.
func init() {
	extra = append(extra, func() *cobra.Command {
		return &cobra.Command{
			Use: "man FOLDER", Short: "Write the manual pages", Example: "  go run -tags man ./cmd/podium man dist/man",
			Args: cobra.ExactArgs(1), Hidden: true,
			RunE: func(c *cobra.Command, args []string) error {
				at, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
				if err != nil {
					at = time.Now().Unix()
				}
				date := time.Unix(at, 0).UTC()
				c.Root().DisableAutoGenTag = true
				return doc.GenManTree(c.Root(), &doc.GenManHeader{Title: "PODIUM", Section: "1", Source: "Podium " + version, Manual: "Podium", Date: &date}, args[0])
			},
		}
	})
}
