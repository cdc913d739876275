/**
 * @typedef {{call: Function, once: boolean}} Entry
 */

/**
 * Adds an event emitter, with the methods of Node's, to a class. A listener
 * that throws stops neither the others nor the SDK: its error is reported as
 * uncaught.
 *
 * @template {new (...args: any[]) => {}} B
 * @param {B} Base
 */
export const emitting = (Base) => class extends Base {
  /** @type {Map<string, Entry[]>} lists are replaced, never changed, so that one being delivered stays whole */
  #listeners = new Map();

  /** @param {string} event '*' hears all of them, with the name in front. */
  on(event, listener) {
    return this.#add(event, listener, false, false);
  }

  once(event, listener) {
    return this.#add(event, listener, true, false);
  }

  off(event, listener) {
    const list = this.#list(event);
    const last = list.findLastIndex((l) => l.call === listener);
    if (last >= 0) this.#listeners.set(event, list.toSpliced(last, 1));
    return this;
  }

  addListener(event, listener) {
    return this.on(event, listener);
  }

  removeListener(event, listener) {
    return this.off(event, listener);
  }

  prependListener(event, listener) {
    return this.#add(event, listener, false, true);
  }

  prependOnceListener(event, listener) {
    return this.#add(event, listener, true, true);
  }

  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  listeners(event) {
    return this.#list(event).map((l) => l.call);
  }

  listenerCount(event) {
    return this.#list(event).length;
  }

  eventNames() {
    return [...this.#listeners.keys()].filter((event) => this.listenerCount(event) > 0);
  }

  /** Nothing is limited here. */
  setMaxListeners() {
    return this;
  }

  getMaxListeners() {
    return Infinity;
  }

  /** @returns {boolean} whether anybody heard it */
  emit(event, ...args) {
    const named = this.#deliver(event, args);
    const all = event !== '*' && this.#deliver('*', [event, ...args]);
    return named || all;
  }

  #list(event) {
    return this.#listeners.get(event) ?? [];
  }

  #add(event, call, once, first) {
    if (typeof call !== 'function') throw new TypeError(`the listener of ${event} is not a function`);
    const list = this.#list(event);
    this.#listeners.set(event, first ? [{ call, once }, ...list] : [...list, { call, once }]);
    return this;
  }

  #deliver(event, args) {
    const list = this.#list(event);
    for (const entry of list) {
      if (entry.once) this.#listeners.set(event, this.#list(event).filter((l) => l !== entry));
      try {
        entry.call(...args);
      } catch (err) {
        reportError(err);
      }
    }
    return list.length > 0;
  }
};

/** An event emitter of its own. */
export class Emitter extends emitting(Object) {}

/** A Map that is an emitter too, as the vendor's lists of participants are. */
export class EmitterMap extends emitting(Map) {
  toArray() {
    return [...this.values()];
  }
}
