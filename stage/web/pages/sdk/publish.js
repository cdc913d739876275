import { Backoff } from './backoff.js';
import { Publication } from './whip.js';
import { StageError } from './errors.js';

/** How often it is looked whether the server is heard: so often in a lease, or each so many ms. */
const LOOKS = 10;
const LOOK_MS = 500;

/**
 * The gate of this page: what the devices give leaves while, and only while,
 * the stage says ON_STAGE, this page has taken the turn, no chair's priority
 * silences it, the server was heard within the lease, and something is enabled.
 * Whatever ends one of these ends the publication at once, before anything is
 * said to the server.
 */
export class Publisher {
  #with;
  /** @type {Publication|null} */
  #publication = null;
  #backoff = new Backoff(300, 4000);
  #retry = 0;
  #watch = 0;
  #lookedAt = 0;
  #mine = false;
  /** @type {Promise<void>|null} */
  #starting = null;

  /**
   * @param {{stage: import('./access.js').Stage, tracks: () => object,
   *   heardAt: () => number, leaseMs: () => number, ask: () => Promise<void>, holdsTurn: () => Promise<boolean>,
   *   onState: (state: string) => void, onLapse: () => void}} parts `tracks` gives what is enabled;
   *   `ask` has the server heard; `onLapse` is told when the lease ran out
   */
  constructor(parts) {
    this.#with = parts;
  }

  /** This page's person takes the turn: nobody else's act does. */
  take() {
    this.#mine = true;
  }

  /** Whether this page has the turn that runs: from then on the server has to be heard all the time. */
  get hasTurn() {
    return this.#mine && this.#with.stage.status === 'ON_STAGE';
  }

  get isOpen() {
    return this.#isWanted && this.#isHeard;
  }

  get #isWanted() {
    return this.hasTurn && !this.#with.stage.suspended && Object.keys(this.#with.tracks()).length > 0;
  }

  get #isHeard() {
    const { heardAt, leaseMs } = this.#with;
    return performance.now() - heardAt() < leaseMs();
  }

  /**
   * Makes what is sent equal what may be sent.
   * @returns {Promise<void>} when it is; rejected when the server refuses
   */
  async sync() {
    if (this.#isWanted && !this.#isHeard) await this.#with.ask();
    if (!this.isOpen) {
      this.stop();
      return;
    }
    if (this.#starting) await this.#starting.catch(() => {});
    else if (this.#publication) await this.#publication.update();
    if (!this.isOpen) this.stop();
    else if (!this.#publication) await this.#begin();
    else await this.#publication.update();
  }

  #begin() {
    this.#starting ??= this.#start().finally(() => { this.#starting = null; });
    return this.#starting;
  }

  async #start() {
    clearTimeout(this.#retry);
    this.#lookedAt = performance.now();
    this.#watch ||= setInterval(() => this.#look(), Math.min(LOOK_MS, this.#with.leaseMs() / LOOKS));
    const place = await this.#with.stage.takePlace();
    if (!this.isOpen) throw new StageError('aborted', 'the turn ended before anything was sent');
    const publication = new Publication(place, this.#with.tracks, (state) => this.#changed(publication, state));
    this.#publication = publication;
    this.#with.onState('connecting');
    try {
      await publication.start();
    } catch (err) {
      if (publication === this.#publication) this.stop();
      publication.stop();
      throw err;
    }
  }

  #changed(publication, state) {
    if (publication !== this.#publication) return;
    if (state === 'connected') this.#backoff.reset();
    if (state === 'failed' || state === 'closed') this.#failed();
    else this.#with.onState(state);
  }

  /**
   * The media path broke while the turn runs. It is tried afresh, unless
   * another connection of this user has taken the turn over.
   */
  #failed() {
    this.#drop();
    this.#with.onState('failed');
    this.#retry = setTimeout(async () => {
      if (!this.isOpen) return;
      try {
        if (await this.#with.holdsTurn()) await this.sync();
        else this.#mine = false;
      } catch {
        if (this.isOpen) this.#failed();
      }
    }, this.#backoff.next());
  }

  async #look() {
    // Where the page itself stood still, what the server said meanwhile has yet to be read.
    const late = performance.now() - this.#lookedAt > 2 * LOOK_MS;
    this.#lookedAt = performance.now();
    if (!this.#isHeard && !late) {
      this.stop();
      this.#with.onLapse();
      return;
    }
    const publication = this.#publication;
    if (publication && !(await publication.isAlive()) && publication === this.#publication) this.#failed();
  }

  /** Ends what is being sent; the turn stays this page's. */
  stop() {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#watch = 0;
    if (this.#publication) {
      this.#drop();
      this.#with.onState('closed');
    }
  }

  #drop() {
    this.#publication?.stop();
    this.#publication = null;
  }

  /** Ends what is being sent, and the turn with it. */
  giveUp() {
    this.#mine = false;
    this.stop();
    this.#backoff.reset();
  }

  /** @returns {Promise<RTCStatsReport|null>} */
  async stats() {
    return this.#publication ? this.#publication.stats() : null;
  }
}
