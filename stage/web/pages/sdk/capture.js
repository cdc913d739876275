import { StageError } from './errors.js';

/**
 * @typedef {'audio'|'video'} Kind
 * @typedef {'NOT_REQUESTED'|'ACCEPTED'|'DENIED'|'SYSTEM_DENIED'|'COULD_NOT_START'|'NO_DEVICES_AVAILABLE'} MediaPermission
 */

/** For sentences. */
export const NAMES = { audio: 'microphone', video: 'camera' };
const INPUT = { audio: 'audioinput', video: 'videoinput' };
const WISHES = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
};

/** What a browser's refusal means. */
const MEANING = {
  NotAllowedError: 'DENIED', SecurityError: 'DENIED', NotFoundError: 'NO_DEVICES_AVAILABLE', OverconstrainedError: 'NO_DEVICES_AVAILABLE',
};

/**
 * The camera and the microphone of this page. A device is open from open() to
 * close() and at no other time; close() takes effect before it returns.
 */
export class Capture {
  /** @type {Record<Kind, MediaStreamTrack|undefined>} */
  tracks = { audio: undefined, video: undefined };
  /** @type {Record<Kind, MediaPermission>} */
  permissions = { audio: 'NOT_REQUESTED', video: 'NOT_REQUESTED' };
  /** @type {Record<string, MediaDeviceInfo|undefined>} chosen ones, by kind of device */
  #chosen = {};
  /** @type {Record<Kind, Promise<MediaStreamTrack>|null>} */
  #opening = { audio: null, video: null };
  /** @type {Record<Kind, number>} counts the closings, so that a device that opens too late is closed at once */
  #closings = { audio: 0, video: 0 };
  #to;

  /** @param {{onEnded: (kind: Kind) => void, onPermission: (kind: Kind, message: MediaPermission) => void}} to */
  constructor(to) {
    this.#to = to;
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack} [custom] a track of the page's own in place of a device
   * @returns {Promise<MediaStreamTrack>}
   */
  open(kind, custom) {
    if (custom) {
      this.#take(kind, custom);
      return Promise.resolve(custom);
    }
    if (this.tracks[kind]) return Promise.resolve(this.tracks[kind]);
    this.#opening[kind] ??= this.#acquire(kind).finally(() => { this.#opening[kind] = null; });
    return this.#opening[kind];
  }

  async #acquire(kind) {
    const closings = this.#closings[kind];
    const device = this.#chosen[INPUT[kind]];
    const wishes = { ...WISHES[kind], ...(device && { deviceId: { exact: device.deviceId } }) };
    let stream;
    try {
      if (!navigator.mediaDevices) throw new DOMException('browsers give devices to pages from https only', 'SecurityError');
      stream = await navigator.mediaDevices.getUserMedia({ [kind]: wishes });
    } catch (err) {
      this.#permit(kind, MEANING[err.name] ?? 'COULD_NOT_START');
      throw new StageError('device', `cannot open the ${NAMES[kind]}: ${err.message}`, { cause: err });
    }
    const [track] = stream.getTracks();
    if (closings !== this.#closings[kind]) {
      track.stop();
      throw new StageError('aborted', `the ${NAMES[kind]} was closed before it was open`);
    }
    this.#permit(kind, 'ACCEPTED');
    this.#take(kind, track);
    return track;
  }

  #take(kind, track) {
    if (this.tracks[kind] !== track) this.tracks[kind]?.stop();
    this.tracks[kind] = track;
    track.onended = () => { // unplugged, or taken away; not after our own stop()
      if (this.tracks[kind] === track) this.#to.onEnded(kind);
    };
  }

  #permit(kind, message) {
    this.permissions[kind] = message;
    this.#to.onPermission(kind, message);
  }

  /** @param {Kind} kind */
  close(kind) {
    this.#closings[kind] += 1;
    this.#opening[kind] = null;
    this.tracks[kind]?.stop();
    this.tracks[kind] = undefined;
  }

  /** @param {MediaDeviceInfo} device taken the next time that its kind is opened */
  choose(device) {
    this.#chosen[device.kind] = device;
  }

  /** @param {string} kind audioinput, videoinput, audiooutput @returns {Promise<MediaDeviceInfo[]>} */
  async devices(kind) {
    const all = await (navigator.mediaDevices?.enumerateDevices() ?? []);
    return all.filter((device) => !kind || device.kind === kind);
  }

  /** @returns {{audio?: MediaDeviceInfo, video?: MediaDeviceInfo, speaker?: MediaDeviceInfo}} */
  current() {
    const { audioinput: audio, videoinput: video, audiooutput: speaker } = this.#chosen;
    return { audio, video, speaker };
  }
}
