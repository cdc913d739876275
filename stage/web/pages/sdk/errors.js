/**
 * What a call of this SDK is rejected with. `code` is a string, as the
 * vendor's errors have it: a stage error's number ('2006'), a JSON-RPC error's
 * ('-32602'), or one of 'connection-lost', 'refused', 'aborted', 'timeout',
 * 'device' (a camera or microphone that does not open; `cause` is the browser's word).
 */
export class StageError extends Error {
  /**
   * @param {string|number} code
   * @param {string} message for a person
   * @param {{data?: any, results?: TargetResult[], cause?: Error}} [more]
   */
  constructor(code, message, more = {}) {
    super(message, more.cause && { cause: more.cause });
    this.name = 'StageError';
    /** @type {string} */
    this.code = String(code);
    /** The JSON-RPC error's data, where there is any. */
    this.data = more.data;
    /** The answer for every target of a host's call that failed for some. */
    this.results = more.results;
  }
}

/**
 * @typedef {object} TargetResult what came of a host's call for one user
 * @property {string} userId
 * @property {boolean} ok
 * @property {number} [code]
 * @property {string} [message]
 */
