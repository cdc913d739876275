/**
 * Waiting times that double, with jitter, so that a hall full of clients does
 * not come back in one instant after a server's restart.
 */
export class Backoff {
  #step = 0;

  /**
   * @param {number} [firstMs]
   * @param {number} [mostMs]
   */
  constructor(firstMs = 250, mostMs = 8000) {
    this.firstMs = firstMs;
    this.mostMs = mostMs;
  }

  /** @returns {number} ms to wait: between half and all of the current step. */
  next() {
    const ceiling = Math.min(this.mostMs, this.firstMs * 2 ** this.#step);
    this.#step += 1;
    return ceiling / 2 + (Math.random() * ceiling) / 2;
  }

  reset() {
    this.#step = 0;
  }
}
