// Package browser is the acceptance test of the whole chain in a real browser:
// `podium demo` runs as a process, Chromium opens its pages, and what counts is
// what the pages show and play. Screenshots stay in $PODIUM_TEST_OUTPUT, or in
// test-output/browser of the checkout.
//
// It may import: the standard library, chromedp, hw/lamp and stage/web.
// It must not reach into the demo: everything goes through pages and files that
// others rely on too.
package browser
