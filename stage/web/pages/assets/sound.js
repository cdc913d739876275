import { byId } from './dom.js';

// Browsers let a page be heard only after a click, unless the hall's screen is
// set up to allow it. So the page tries, and asks with one big button when it
// may not.

const PROBE_MS = 600;

/** @returns {Promise<boolean>} whether this page may make sound without a click */
async function allowed() {
  const context = new AudioContext();
  try {
    if (context.state !== 'running') {
      await Promise.race([context.resume(), new Promise((done) => setTimeout(done, PROBE_MS))]);
    }
    return context.state === 'running';
  } finally {
    context.close();
  }
}

/** The one sound switch of the watch page. */
export class Sound {
  #pictures = new Set();
  #ask = byId('sound-ask');
  #toggle = byId('sound');
  #known; // settles when it is known whether sound may start by itself

  constructor() {
    this.on = true;
    this.blocked = false;
    this.#ask.addEventListener('click', () => this.#set(true));
    this.#toggle.addEventListener('click', () => this.#set(!this.on || this.blocked));
    addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() === 'm' && !event.ctrlKey && !event.metaKey && !event.target.matches('input')) {
        this.#set(!this.on || this.blocked);
      }
    });
    this.#known = allowed().then((ok) => ok || this.#block(), () => this.#block());
    this.#show();
  }

  /** Gives a picture its sound, as far as it is allowed. */
  async add(picture) {
    this.#pictures.add(picture);
    await this.#known; // the picture runs silently until then
    if (this.#pictures.has(picture)) await this.#play(picture);
  }

  remove(picture) {
    this.#pictures.delete(picture);
  }

  async #play(picture) {
    picture.muted = !this.on || this.blocked;
    if (await picture.play() || picture.muted) return;
    this.#block();
    picture.muted = true;
    await picture.play();
  }

  #set(on) {
    this.on = on;
    this.blocked = false;
    this.#show();
    for (const picture of this.#pictures) this.#play(picture);
  }

  #block() {
    if (!this.on) return;
    this.blocked = true;
    this.#show();
  }

  #show() {
    this.#ask.hidden = !this.blocked;
    const audible = this.on && !this.blocked;
    this.#toggle.setAttribute('aria-pressed', String(audible));
    this.#toggle.textContent = audible ? 'Sound on' : 'Sound off';
    document.body.dataset.sound = audible ? 'on' : 'off';
  }
}
