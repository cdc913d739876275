import { bdi, byId, el, nameOf, order, setText } from './dom.js';
import { Level } from './level.js';
import { Picture } from './picture.js';

const GAP = 12; // px, as in watch.css
const SHAPE = 16 / 9;

/** @returns {number} the number of columns that makes n tiles of 16:9 largest */
export function columns(n, width, height) {
  let best = { columns: 1, size: 0 };
  for (let c = 1; c <= n; c += 1) {
    const rows = Math.ceil(n / c);
    const size = Math.min((width - GAP * (c - 1)) / c, ((height - GAP * (rows - 1)) / rows) * SHAPE);
    if (size > best.size) best = { columns: c, size };
  }
  return best.columns;
}

/** The grid of everyone on stage. */
export class Wall {
  #tiles = new Map(); // by userId
  #grid = byId('wall');

  /**
   * @param {import('./subscriptions.js').Subscriptions} subscriptions
   * @param {import('./sound.js').Sound} sound
   */
  constructor(subscriptions, sound) {
    this.subscriptions = subscriptions;
    this.sound = sound;
    new ResizeObserver(() => this.#arrange()).observe(this.#grid);
  }

  /** @param {import('/sdk/participants.js').Participant[]} speakers the ON_STAGE ones */
  show(speakers) {
    const now = new Set(speakers.map((p) => p.userId));
    for (const [userId, tile] of this.#tiles) if (!now.has(userId)) this.#remove(userId, tile);
    order(this.#grid, speakers.map((p) => this.#tile(p).element));
    byId('nobody').hidden = speakers.length > 0;
    document.body.dataset.speakers = String(speakers.length);
    this.#arrange();
  }

  /** A new stream of a user replaces the former. */
  newStream(userId, stream) {
    const tile = this.#tiles.get(userId);
    if (tile) this.#play(tile, stream);
  }

  #tile(p) {
    const tile = this.#tiles.get(p.userId) ?? this.#make(p.userId);
    const name = nameOf(p);
    setText(tile.name, name);
    const suspended = Boolean(p.turn?.suspended);
    const soundOnly = p.turn?.media?.includes('video') === false;
    Object.assign(tile.element.dataset, {
      onair: String(p.onAir && !suspended), suspended: String(suspended), audio: String(soundOnly),
    });
    tile.element.setAttribute('aria-label', suspended ? `${name}, suspended` : name);
    tile.picture.caption(caption(p, suspended, soundOnly));
    // Nobody who is silenced or only heard is shown by a frame from before.
    tile.picture.keepCovered(suspended || soundOnly);
    tile.level.show(soundOnly && p.onAir && !suspended);
    return tile;
  }

  #make(userId) {
    const tile = { picture: new Picture(), name: bdi('', 'name'), level: new Level(() => this.subscriptions.statsOf(userId)) };
    tile.element = el('li', { class: 'tile', testid: 'tile', data: { userId } },
      tile.picture.element, tile.level.element, el('p', { class: 'label' }, tile.name));
    this.#tiles.set(userId, tile);
    this.#play(tile, this.subscriptions.streamOf(userId));
    return tile;
  }

  #play(tile, stream) {
    tile.picture.show(stream);
    if (stream) this.sound.add(tile.picture);
  }

  #remove(userId, tile) {
    this.#tiles.delete(userId);
    this.sound.remove(tile.picture);
    tile.picture.remove();
    tile.level.remove();
    tile.element.remove();
  }

  #arrange() {
    const { clientWidth, clientHeight } = this.#grid;
    this.#grid.style.setProperty('--columns', String(columns(this.#tiles.size, clientWidth, clientHeight)));
    this.#grid.style.setProperty('--rows', String(Math.ceil(this.#tiles.size / columns(this.#tiles.size, clientWidth, clientHeight))));
  }
}

function caption(p, suspended, soundOnly) {
  if (suspended) return 'Suspended';
  if (!p.onAir) return 'Coming on stage…';
  return soundOnly ? 'Sound only' : 'No picture just now';
}
