import { byId, setText } from './dom.js';

// A short sound for a new request. Browsers keep a page silent until somebody
// has clicked or typed in it, so the switch has three faces: on, off, and on
// but still waiting for that.

const KEY = 'podium-console-sound';
const FACES = {
  on: { text: 'Sound on', pressed: 'true' },
  waiting: { text: 'Sound after a click', pressed: 'mixed' },
  off: { text: 'Sound off', pressed: 'false' },
};

/** The console's sound, and its switch. */
export class Chime {
  /** @type {AudioContext|null} */
  #context = null;
  #button = byId('chime');

  constructor() {
    this.wanted = localStorage.getItem(KEY) !== 'off';
    this.#button.addEventListener('click', () => this.#toggle());
    for (const gesture of ['pointerup', 'keydown']) addEventListener(gesture, () => this.#unlock(), { capture: true });
    this.#show();
  }

  /** Two short notes, not loud. */
  ring() {
    if (this.#face() !== 'on') return;
    const at = this.#context.currentTime;
    this.#note(660, at);
    this.#note(880, at + 0.14);
    document.body.dataset.rung = String(Number(document.body.dataset.rung ?? 0) + 1);
  }

  #note(hertz, at) {
    const tone = new OscillatorNode(this.#context, { frequency: hertz });
    const volume = new GainNode(this.#context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
    tone.connect(volume).connect(this.#context.destination);
    tone.start(at);
    tone.stop(at + 0.25);
  }

  async #unlock() {
    if (!this.wanted || this.#context?.state === 'running') return;
    this.#context ??= new AudioContext();
    await this.#context.resume().catch(() => {}); // no sound device: the face stays as it is
    this.#show();
  }

  async #toggle() {
    this.wanted = this.#face() !== 'on';
    localStorage.setItem(KEY, this.wanted ? 'on' : 'off');
    await this.#unlock();
    this.#show();
    this.ring();
  }

  #face() {
    if (!this.wanted) return 'off';
    return this.#context?.state === 'running' ? 'on' : 'waiting';
  }

  #show() {
    const { text, pressed } = FACES[this.#face()];
    setText(byId('chime-text'), text);
    this.#button.setAttribute('aria-pressed', pressed);
    this.#button.dataset.face = this.#face();
  }
}
