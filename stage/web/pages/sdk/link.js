import { Backoff } from './backoff.js';
import { Rpc } from './rpc.js';
import { StageError } from './errors.js';

const PROTOCOL = 'podium.stage.v1';
/** The lease until the server has named its own, in ms. */
const DEFAULT_LEASE_MS = 5000;

/**
 * @typedef {'connecting'|'connected'|'reconnecting'|'refused'|'closed'} LinkState
 * @typedef {object} LinkDetail
 * @property {number} [attempt] how many tries have failed in a row
 * @property {number} [retryInMs] until the next one
 * @property {StageError} [error] why it was refused
 */

/**
 * Keeps one participant's connection: opens it, joins the meeting, notices
 * silence, and comes back with growing pauses. It ends by close() or when the
 * server refuses the token.
 */
export class Link {
  /** @type {Rpc|null} */
  #rpc = null;
  #backoff = new Backoff(250, 4000); // below the lease: who was lost for a moment comes back in time
  #attempt = 0;
  #retry = 0;
  #pulse = 0;
  #asked = 0; // when the silence was questioned
  #heardAt = -Infinity; // on former connections
  #leaseMs = DEFAULT_LEASE_MS;
  #online = () => this.#tryNow();
  #offline = () => this.#rpc?.close();

  /**
   * @param {{server: string, token: string,
   *   onState: (state: LinkState, detail: LinkDetail) => void,
   *   hasTurn?: () => boolean,
   *   onJoined: (joined: any) => void,
   *   onNotification: (method: string, params: any) => void}} options
   */
  constructor(options) {
    this.options = options;
    const url = new URL('/v1/stage', options.server);
    this.httpUrl = url.href;
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.url = url.href;
    /** @type {LinkState} */
    this.state = 'connecting';
    addEventListener('online', this.#online);
    addEventListener('offline', this.#offline);
  }

  /** When the server was heard last, by performance.now(). */
  get heardAt() {
    return this.#rpc?.isOpen ? this.#rpc.heardAt : this.#heardAt;
  }

  /** In ms. */
  get leaseMs() {
    return this.#leaseMs;
  }

  /** Opens the first connection. */
  start() {
    this.#set('connecting', { attempt: 0 });
    this.#open();
  }

  /** @returns {Promise<any>} the method's result */
  call(method, params) {
    if (!this.#rpc) return Promise.reject(new StageError('connection-lost', 'not connected to the stage'));
    return this.#rpc.call(method, params);
  }

  /** Ends the connection for good. */
  close() {
    this.#end('closed', {});
  }

  #open() {
    const rpc = new Rpc(this.url, [PROTOCOL, `bearer.${this.options.token}`], {
      onNotification: (method, params) => rpc === this.#rpc && this.options.onNotification(method, params),
      onClose: (opened) => rpc === this.#rpc && this.#lost(opened),
    });
    this.#rpc = rpc;
    this.#asked = 0;
    clearInterval(this.#pulse);
    this.#pulse = setInterval(() => this.#listen(rpc), this.#leaseMs / 10);
    rpc.opened.then(() => rpc.call('meeting.join')).then((joined) => this.#joined(rpc, joined), () => rpc.close());
  }

  #joined(rpc, joined) {
    if (rpc !== this.#rpc) return;
    this.#leaseMs = joined.leaseMs || DEFAULT_LEASE_MS;
    this.#attempt = 0;
    this.#backoff.reset();
    this.options.onJoined(joined);
    this.#set('connected', {});
  }

  /**
   * Script cannot see the server's pings. So after a lease without a message
   * one small question is asked; another lease without any answer is a loss.
   * Who is on stage may not be unheard for so long, and asks three times a lease.
   */
  #listen(rpc) {
    const now = performance.now();
    const quietMs = this.options.hasTurn?.() ? this.#leaseMs / 3 : this.#leaseMs;
    if (rpc !== this.#rpc || now - rpc.heardAt < quietMs) {
      this.#asked = 0;
      return;
    }
    if (!this.#asked) {
      this.#asked = now;
      if (rpc.isOpen) rpc.call('stage.getAccessRequests').catch(() => {}); // a refusal is an answer too
    } else if (now - this.#asked >= this.#leaseMs) {
      rpc.close();
    }
  }

  async #lost(opened) {
    if (opened) this.#heardAt = this.#rpc.heardAt;
    this.#rpc = null;
    clearInterval(this.#pulse);
    if (this.#isOver()) return;
    this.#attempt += 1;
    if (!opened) {
      const refusal = await this.#refusal();
      if (this.#isOver() || this.#rpc) return;
      if (refusal) {
        this.#end('refused', { error: refusal });
        return;
      }
    }
    const retryInMs = this.#backoff.next();
    this.#retry = setTimeout(() => this.#tryNow(), retryInMs);
    this.#set(this.state === 'connecting' ? 'connecting' : 'reconnecting', { attempt: this.#attempt, retryInMs });
  }

  /**
   * A browser does not say why an upgrade failed. The same address by plain
   * HTTP does: 401 for the token, 403 for this page's origin.
   * @returns {Promise<StageError|null>}
   */
  async #refusal() {
    try {
      const answer = await fetch(this.httpUrl, {
        headers: { Authorization: `Bearer ${this.options.token}` },
        cache: 'no-store', signal: AbortSignal.timeout(this.#leaseMs),
      });
      if (answer.status !== 401 && answer.status !== 403) return null;
      const body = await answer.json().catch(() => ({}));
      return new StageError('refused', body.error?.message ?? `refused (HTTP ${answer.status})`, { data: { status: answer.status } });
    } catch {
      return null; // nobody answers: the next try may find somebody
    }
  }

  #tryNow() {
    clearTimeout(this.#retry);
    if (!this.#rpc && !this.#isOver()) this.#open();
  }

  #isOver() {
    return this.state === 'closed' || this.state === 'refused';
  }

  #end(state, detail) {
    if (this.#isOver()) return;
    clearTimeout(this.#retry);
    clearInterval(this.#pulse);
    removeEventListener('online', this.#online);
    removeEventListener('offline', this.#offline);
    this.#set(state, detail);
    const rpc = this.#rpc;
    this.#rpc = null;
    rpc?.close();
  }

  #set(state, detail) {
    this.state = state;
    this.options.onState(state, detail);
  }
}
