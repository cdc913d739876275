import { el, setText } from './dom.js';
import { Voice } from './voice.js';

/** A picture that has not moved for so long is not a live one, in ms. */
const FROZEN_MS = 2000;
const LOOK_MS = 250;

/**
 * A video with a cover over it. The cover is away only while frames arrive: a
 * frozen picture of somebody who no longer speaks is never shown as live.
 */
export class Picture {
  #frameAt = 0;
  #look = 0;
  #cover;
  #voice;

  constructor() {
    this.video = el('video', { playsinline: true, autoplay: true });
    this.#voice = new Voice(this.video);
    this.muted = true;
    this.#cover = el('div', { class: 'cover', 'aria-hidden': 'true' });
    this.element = el('div', { class: 'picture', data: { live: 'false' } }, this.video, this.#cover);
    this.#look = setInterval(() => this.#check(), LOOK_MS);
    this.#nextFrame();
  }

  /** @param {MediaStream|null} stream */
  show(stream) {
    if (this.video.srcObject === stream) return;
    this.#setLive(false);
    this.video.srcObject = stream;
    this.#voice.check();
    if (stream) this.play();
  }

  /** @returns {boolean} whether the sound is off */
  get muted() {
    return this.#voice.muted;
  }

  set muted(muted) {
    this.#voice.muted = muted;
  }

  /** @returns {Promise<boolean>} false when the browser wants a click first */
  async play() {
    try {
      await this.video.play();
      return true;
    } catch (err) {
      return err.name !== 'NotAllowedError'; // an interrupted play() is played again by who interrupted it
    }
  }

  /** What the cover says while there is no picture. */
  caption(text) {
    setText(this.#cover, text);
  }

  /** Keeps the cover on whatever arrives: there is nothing to be seen by right. */
  keepCovered(covered) {
    this.element.dataset.covered = String(covered);
  }

  /** Ends it: picture and sound stop in this instant. */
  remove() {
    clearInterval(this.#look);
    this.#voice.remove();
    this.video.pause();
    this.video.srcObject = null;
    this.element.remove();
  }

  #nextFrame() {
    this.video.requestVideoFrameCallback(() => {
      this.#frameAt = performance.now();
      this.#setLive(this.video.srcObject !== null);
      this.#nextFrame();
    });
  }

  #check() {
    this.#voice.check(); // tracks come one by one
    // A hidden page is shown no frames, so their absence says nothing there.
    if (!document.hidden && performance.now() - this.#frameAt > FROZEN_MS) this.#setLive(false);
  }

  #setLive(live) {
    const value = String(live);
    if (this.element.dataset.live !== value) this.element.dataset.live = value;
  }
}
