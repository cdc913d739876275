import { Emitter } from './emitter.js';
import { StageError } from './errors.js';
import { Capture, NAMES } from './capture.js';
import { Screens } from './screens.js';
import { notHere } from './vendor.js';

const KINDS = ['audio', 'video'];

/** Whether a turn is granted or runs. @param {import('./access.js').StageStatus} status */
export const inTurn = (status) => status === 'ACCEPTED_TO_JOIN_STAGE' || status === 'ON_STAGE';

/**
 * The own camera and microphone: the part of `meeting.self` that knows no
 * server. Events: audioUpdate({audioEnabled, audioTrack}),
 * videoUpdate({videoEnabled, videoTrack}), mediaPermissionUpdate({kind, message}),
 * deviceUpdate({device, preview}), deviceListUpdate({devices, added, removed}).
 */
export class SelfMedia extends Emitter {
  #capture = new Capture({
    onEnded: (kind) => this.#disable(kind),
    onPermission: (kind, message) => this.emit('mediaPermissionUpdate', { kind, message }),
  });
  #enabled = { audio: false, video: false };
  #before = []; // what a suspension has silenced
  #screens = new Screens();
  #stage;
  #onChange;

  /**
   * @param {import('./access.js').Stage} stage
   * @param {(takesTurn: boolean) => Promise<void>} onChange is told when what is enabled has
   *   changed, and whether the person means to speak in the turn that runs
   */
  constructor(stage, onChange) {
    super();
    this.#stage = stage;
    this.#onChange = onChange;
    this.screenShareEnabled = false;
    this.screenShareTracks = { audio: undefined, video: undefined };
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#devicesChanged());
  }

  get audioTrack() { return this.#capture.tracks.audio; }
  get videoTrack() { return this.#capture.tracks.video; }
  get rawAudioTrack() { return this.audioTrack; }
  get rawVideoTrack() { return this.videoTrack; }
  get audioEnabled() { return this.#enabled.audio; }
  get videoEnabled() { return this.#enabled.video; }
  get mediaPermissions() { return { ...this.#capture.permissions, screenshare: 'NOT_REQUESTED' }; }

  /** What may be sent in the turn that is granted or runs: nothing off stage. */
  grantedMedia() {
    const { status, turn, suspended } = this.#stage;
    return inTurn(status) && !suspended ? turn?.media ?? [] : [];
  }

  /** @returns {{audio?: MediaStreamTrack, video?: MediaStreamTrack}} what is enabled and granted */
  tracks() {
    const granted = this.grantedMedia();
    const kinds = KINDS.filter((kind) => this.#enabled[kind] && granted.includes(kind));
    return Object.fromEntries(kinds.map((kind) => [kind, this.#capture.tracks[kind]]));
  }

  /**
   * Opens devices for the person to see and hear themselves; nothing of it
   * leaves the page before ON_STAGE. With neither it does nothing.
   * @param {{audio?: boolean, video?: boolean, forceReset?: boolean}} [options]
   */
  async setupTracks({ audio = false, video = false, forceReset = false } = {}) {
    const wanted = KINDS.filter((kind) => ({ audio, video })[kind]);
    if (forceReset) for (const kind of wanted) this.#capture.close(kind);
    await Promise.all(wanted.map((kind) => this.#open(kind, undefined, false)));
  }

  /** @param {MediaStreamTrack} [customTrack] in place of the microphone's */
  enableAudio(customTrack) { return this.#enable('audio', customTrack); }
  /** @param {MediaStreamTrack} [customTrack] in place of the camera's */
  enableVideo(customTrack) { return this.#enable('video', customTrack); }
  async disableAudio() { this.#disable('audio'); }
  async disableVideo() { this.#disable('video'); }
  enableScreenShare() { return notHere('enableScreenShare'); }
  async disableScreenShare() {}

  async #enable(kind, customTrack) {
    if (!inTurn(this.#stage.status)) {
      throw new StageError(2006, `not allowed in the current stage status: the ${NAMES[kind]} is switched on in a turn on stage, which has to be granted first`);
    }
    if (this.#stage.suspended) throw new StageError(2006, 'not allowed in the current stage status: a chair holds priority');
    if (!this.grantedMedia().includes(kind)) {
      throw new StageError(2001, `permission denied: this turn is granted without ${kind}`);
    }
    await this.#open(kind, customTrack, true);
  }

  async #open(kind, customTrack, takesTurn) {
    if (this.#enabled[kind] && this.#capture.tracks[kind] && !customTrack) return;
    await this.#capture.open(kind, customTrack); // rejected when it was closed meanwhile
    this.#enabled[kind] = true;
    this.#tell(kind);
    await this.#onChange(takesTurn);
  }

  #disable(kind) {
    if (!this.#enabled[kind] && !this.#capture.tracks[kind]) {
      this.#capture.close(kind); // one that is being opened
      return;
    }
    this.#enabled[kind] = false;
    this.#capture.close(kind); // from here on no sample comes
    this.#onChange(false).catch(() => {});
    this.#tell(kind);
  }

  /** Closes both devices: the turn is over, or this page's part in it. */
  closeDevices() {
    this.#before = [];
    for (const kind of KINDS) this.#disable(kind);
  }

  /** A chair's priority begins: the devices close, and what was on is kept in mind. */
  suspend() {
    const before = KINDS.filter((kind) => this.#enabled[kind]);
    this.closeDevices();
    this.#before = before;
  }

  /** The priority is given up: the turn, to which this page's person agreed, goes on. */
  async restore() {
    const before = this.#before;
    this.#before = [];
    await Promise.all(before.map((kind) => this.#enable(kind)));
  }

  #tell(kind) {
    const track = this.#capture.tracks[kind];
    this.emit(`${kind}Update`, { [`${kind}Enabled`]: this.#enabled[kind], [`${kind}Track`]: track });
    if (kind === 'video') this.#screens.show(this.#enabled.video ? track : undefined);
  }

  /** @param {HTMLVideoElement} element shows the own picture while there is one */
  registerVideoElement(element) {
    this.#screens.add(element, this.videoTrack);
  }

  deregisterVideoElement(element) {
    this.#screens.remove(element);
  }

  getCurrentDevices() {
    return this.#capture.current();
  }

  getAllDevices() { return this.#capture.devices(); }
  getAudioDevices() { return this.#capture.devices('audioinput'); }
  getVideoDevices() { return this.#capture.devices('videoinput'); }
  getSpeakerDevices() { return this.#capture.devices('audiooutput'); }

  async getDeviceById(deviceId, kind) {
    const input = { audio: 'audioinput', video: 'videoinput', speaker: 'audiooutput' }[kind] ?? kind;
    return (await this.#capture.devices(input)).find((device) => device.deviceId === deviceId);
  }

  /** Takes another camera, microphone or speaker. One that is closed stays closed. @param {MediaDeviceInfo} device */
  async setDevice(device) {
    this.#capture.choose(device);
    const kind = { audioinput: 'audio', videoinput: 'video' }[device.kind];
    if (kind && this.#enabled[kind]) {
      this.#capture.close(kind);
      this.#enabled[kind] = false;
      await this.#open(kind, undefined, false);
    }
    this.emit('deviceUpdate', { device, preview: false });
  }

  async #devicesChanged() {
    this.emit('deviceListUpdate', { added: [], removed: [], devices: await this.getAllDevices() });
  }
}
