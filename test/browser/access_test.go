package browser

import (
	"strings"
)

// nameless lists controls without an accessible name, dangling references and
// ids that stand twice.
const nameless = `[...document.querySelectorAll('button, a[href], input, select, textarea, dialog[open], [role=region], li[tabindex]')]
	.filter((e) => e.checkVisibility() && !name(e)).map((e) => 'no name: ' + e.outerHTML.slice(0, 120))
	.concat([...document.querySelectorAll('[aria-labelledby], [aria-describedby]')]
		.flatMap((e) => [e.getAttribute('aria-labelledby'), e.getAttribute('aria-describedby')].filter(Boolean).flatMap((ids) => ids.split(' ')))
		.filter((id) => !document.getElementById(id)).map((id) => 'refers to nothing: ' + id))
	.concat([...document.querySelectorAll('[id]')].map((e) => e.id)
		.filter((id, i, all) => all.indexOf(id) !== i).map((id) => 'id twice: ' + id))`

// pale lists visible texts whose contrast is below WCAG AA, and controls
// smaller than a fingertip. Where the ground is an image or a picture, nothing can
// be computed: the text stands on a plate of its own there.
const pale = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
	const rgba = (css) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = css;
		canvas.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
		return [r, g, b, a / 255];
	};
	const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
	const luminance = (c) => c.slice(0, 3).map((v) => v / 255)
		.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ground = (e) => {
		const layers = [];
		for (let at = e; at; at = at.parentElement) {
			const style = getComputedStyle(at);
			layers.push(rgba(style.backgroundColor));
			if (layers.at(-1)[3] === 1) break;
		}
		return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
	};
	const bad = [];
	for (const e of document.querySelectorAll('body *')) {
		if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.closest('.unseen, .skip:not(:focus), :disabled, [aria-disabled=true]')) continue;
		if (e.closest('dialog, [popover]') !== document.querySelector('dialog[open]') && document.querySelector('dialog[open]')) continue;
		const said = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
		if (!said) continue;
		const style = getComputedStyle(e);
		if (parseFloat(style.fontSize) === 0) continue;
		const back = ground(e);
		const [a, b] = [luminance(over(rgba(style.color), back)), luminance(back)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
		if (ratio < (large ? 3 : 4.5)) bad.push('contrast ' + ratio.toFixed(2) + ': ' + e.outerHTML.slice(0, 120));
	}
	for (const e of document.querySelectorAll('button, select, input')) {
		const box = e.getBoundingClientRect();
		if (e.checkVisibility() && box.width && (box.width < 24 || box.height < 24)) bad.push('too small: ' + e.outerHTML.slice(0, 120));
	}
	return bad;
})()`

// accessible checks names, references and contrast of what is shown now.
func (p tab) accessible(when string) {
	p.T.Helper()
	found := eval[[]string](p, `(() => {
		const name = (e) => (e.getAttribute('aria-label')
			|| (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('').trim()
			|| [...(e.labels ?? [])].map((l) => l.textContent).join('')
			|| (e.matches('input, select, textarea') ? '' : e.textContent)).trim();
		return `+nameless+`.concat(`+pale+`);
	})()`)
	if len(found) > 0 {
		p.T.Errorf("%s page, %s:\n\t%s", p.Name, when, strings.Join(found[:min(len(found), 8)], "\n\t"))
	}
}
