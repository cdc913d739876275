import { el } from './dom.js';

const LOOK_MS = 150;
/** A louder voice than this fills the mark; a softer one than the other is silence. */
const FULL = 0.25;
const SILENT = 0.004;

/**
 * A mark for somebody who is only heard: it moves while there is a voice. A
 * browser measures no voice that it does not play, so with the sound off it
 * stands still.
 */
export class Level {
  #stats;
  #timer = 0;
  #energy = 0;
  #seconds = 0;

  /** @param {() => Promise<RTCStatsReport|null>} stats of what is received */
  constructor(stats) {
    this.#stats = stats;
    this.element = el('div', { class: 'level', hidden: true, 'aria-hidden': 'true', testid: 'level', data: { speaking: 'false' } },
      ...Array.from({ length: 5 }, () => el('i')));
  }

  /** @param {boolean} shown */
  show(shown) {
    if (this.element.hidden === !shown) return;
    this.element.hidden = !shown;
    clearInterval(this.#timer);
    this.#set(0);
    if (shown) this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  remove() {
    clearInterval(this.#timer);
  }

  async #look() {
    for (const s of (await this.#stats())?.values() ?? []) {
      if (s.type !== 'inbound-rtp' || s.kind !== 'audio') continue;
      const seconds = s.totalSamplesDuration - this.#seconds;
      const energy = s.totalAudioEnergy - this.#energy;
      if (seconds < 0) this.#energy = this.#seconds = 0; // a new connection counts anew
      if (seconds <= 0) continue;
      this.#seconds = s.totalSamplesDuration;
      this.#energy = s.totalAudioEnergy;
      this.#set(Math.sqrt(Math.max(0, energy / seconds)));
    }
  }

  #set(loudness) {
    this.element.dataset.speaking = String(loudness > SILENT);
    this.element.style.setProperty('--level', String(Math.min(1, loudness / FULL)));
  }
}
