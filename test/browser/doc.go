// Package browser is the acceptance test of the whole chain in a real browser:
// `podium demo` or `podium stage` runs as a process, Chromium opens its pages,
// and what counts is what the pages show and play. Screenshots stay in
// $PODIUM_TEST_OUTPUT/browser, or in test-output/browser of the checkout.
//
// It may import: the standard library, chromedp, test/chromium, test/npm, hw/lamp and stage/web; stage,
// stage/client and the tokens of stage/server for whoever is there without a page.
// It must not reach into the processes: everything goes through pages, the wire
// and files that others rely on too.
package browser
