import { StageError } from './errors.js';

/** How long an answer may take before a call is given up, in ms. */
const ANSWER_MS = 10_000;

/**
 * One WebSocket that speaks JSON-RPC 2.0: calls go out, answers come back by
 * their id, and what has no id is a notification. It lives once: whoever wants
 * to come back makes a new one.
 */
export class Rpc {
  #socket;
  #lastId = 0;
  /** @type {Map<number, {resolve: Function, reject: Function, timer: number}>} */
  #waiting = new Map();
  #closed = false;

  /**
   * @param {string} url
   * @param {string[]} protocols
   * @param {{onNotification: (method: string, params: any) => void, onClose: (opened: boolean) => void}} to
   */
  constructor(url, protocols, to) {
    this.to = to;
    /** When anything was heard last, by performance.now(). */
    this.heardAt = performance.now();
    this.isOpen = false;
    this.#socket = new WebSocket(url, protocols);
    this.opened = new Promise((resolve) => {
      this.#socket.onopen = () => {
        this.isOpen = true;
        this.heardAt = performance.now();
        resolve();
      };
    });
    this.#socket.onmessage = (message) => this.#hear(message.data);
    this.#socket.onclose = () => this.close();
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>} the result
   */
  call(method, params = {}) {
    if (!this.isOpen || this.#closed) {
      return Promise.reject(new StageError('connection-lost', 'not connected to the stage'));
    }
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, null, new StageError('timeout', `${method}: no answer`)), ANSWER_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Ends it; every call that waits is rejected. Idempotent. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.onmessage = null;
    this.#socket.close();
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, null, new StageError('connection-lost', 'the connection to the stage was lost'));
    }
    this.to.onClose(this.isOpen);
  }

  #hear(text) {
    this.heardAt = performance.now();
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return; // not ours to judge: a later message may be good
    }
    if (message.method !== undefined) {
      this.to.onNotification(message.method, message.params ?? {});
      return;
    }
    const e = message.error;
    this.#settle(message.id, message.result, e && new StageError(e.code, e.message, { data: e.data }));
  }

  #settle(id, result, error) {
    const call = this.#waiting.get(id);
    if (!call) return;
    this.#waiting.delete(id);
    clearTimeout(call.timer);
    if (error) call.reject(error);
    else call.resolve(result);
  }
}
