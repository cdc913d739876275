// Package kit is the acceptance test of the browser SDK in Chromium, against a
// stage service that runs as a process of its own: the SDK's own behaviour, its
// types, and user interfaces that were made for the vendor's client. The
// vendor's open-source components are fetched from npm when the test runs,
// pinned by their hash, and kept in the user's cache; nothing of them is here.
// Screenshots stay in $PODIUM_TEST_OUTPUT/kit, or in test-output/kit of the checkout.
//
// It may import: the standard library, chromedp, test/chromium and test/npm.
// It must not reach into the service: everything goes through its addresses and
// the SDK's public members.
package kit
