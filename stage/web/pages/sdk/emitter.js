/**
 * @template {new (...args: any[]) => {}} B
 * @param {B} Base
 * Adds an event emitter to a class. A listener that throws stops neither the
 * others nor the SDK: its error is reported as uncaught.
 */
export const emitting = (Base) => class extends Base {
  /** @type {Map<string, {call: Function, once: boolean}[]>} */
  #listeners = new Map();

  /** @param {string} event '*' hears all of them, with the name in front. */
  on(event, listener) {
    return this.#add(event, listener, false);
  }

  once(event, listener) {
    return this.#add(event, listener, true);
  }

  off(event, listener) {
    const left = (this.#listeners.get(event) ?? []).filter((l) => l.call !== listener);
    this.#listeners.set(event, left);
    return this;
  }

  addListener(event, listener) {
    return this.on(event, listener);
  }

  removeListener(event, listener) {
    return this.off(event, listener);
  }

  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  listenerCount(event) {
    return (this.#listeners.get(event) ?? []).length;
  }

  emit(event, ...args) {
    this.#deliver(event, event, args);
    this.#deliver('*', event, [event, ...args]);
    return this;
  }

  #add(event, listener, once) {
    if (typeof listener !== 'function') throw new TypeError(`the listener of ${event} is not a function`);
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), { call: listener, once }]);
    return this;
  }

  #deliver(key, event, args) {
    for (const l of this.#listeners.get(key) ?? []) {
      if (l.once) this.off(key, l.call);
      try {
        l.call(...args);
      } catch (err) {
        reportError(err);
      }
    }
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
