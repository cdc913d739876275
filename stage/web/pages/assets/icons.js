// Small drawings for buttons whose words would not fit. They are decoration:
// the button's name says it.

const NAMESPACE = 'http://www.w3.org/2000/svg';

const PATHS = {
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4',
  camera: 'M3 7h12v10H3zM15 11l6-4v10l-6-4',
  lamps: 'M7 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM17 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM7 4v1M17 4v1M7 19v1M17 19v1',
};

/** @param {keyof PATHS} name @returns {SVGElement} */
export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'drawn');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(NAMESPACE, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
