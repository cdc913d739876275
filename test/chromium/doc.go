// Package chromium starts the browser that the tests of the pages drive, and drives its
// tabs, the same way for all of them: headless, with a camera and a microphone that are
// not real, and no talk with anybody but the pages. What fails is photographed.
//
// It may import: the standard library and chromedp. It must not know a page.
package chromium
