import { Emitter } from './emitter.js';
import { NOT_HERE } from './vendor.js';

/** The ready-made presets. A token carries one's name, or an object of this shape. */
const PRESETS = {
  host: { stageAccess: 'ALLOWED', acceptStageRequests: true },
  panelist: { stageAccess: 'ALLOWED' },
  podium: { stageAccess: 'CAN_REQUEST' },
  viewer: { stageAccess: 'NOT_ALLOWED' },
};

/**
 * `meeting.self.permissions`. The server decides; this only says what it will
 * let pass. Event: permissionsUpdate(patch), whose `media` names the kinds
 * that may or may not be sent from now on.
 */
export class Permissions extends Emitter {
  #preset;
  #media = () => [];
  #produced = '';

  /**
   * @param {string|object} preset
   * @param {() => ('audio'|'video')[]} media what may be sent at present
   */
  constructor(preset, media) {
    super();
    const own = typeof preset === 'string' ? PRESETS[preset] : preset;
    this.#preset = { stageEnabled: true, stageAccess: 'NOT_ALLOWED', acceptStageRequests: false, ...own };
    this.#media = media;
    Object.assign(this, NOT_HERE);
    /** @type {boolean} whether this participant has a stage at present */
    this.stageEnabled = this.#preset.stageEnabled;
    /** @type {'ALLOWED'|'CAN_REQUEST'|'NOT_ALLOWED'} */
    this.stageAccess = this.#preset.stageAccess;
    /** @type {boolean} whether this participant is a host */
    this.acceptStageRequests = this.#preset.acceptStageRequests;
  }

  /** @returns {'ALLOWED'|'NOT_ALLOWED'} never ALLOWED off stage */
  get canProduceAudio() {
    return this.#may('audio');
  }

  get canProduceVideo() {
    return this.#may('video');
  }

  #may(kind) {
    return this.#media().includes(kind) ? 'ALLOWED' : 'NOT_ALLOWED';
  }

  /** Only those who may decide get the list of requests, so its presence says who may. */
  takeJoined({ settings, stageRequests }) {
    this.acceptStageRequests = stageRequests !== undefined;
    this.stageEnabled = this.#preset.stageEnabled && (settings?.stageEnabled ?? true);
    this.#produced = this.#media().join();
    this.emit('permissionsUpdate', this.#patch());
  }

  takeSettings({ stageEnabled }) {
    const now = this.#preset.stageEnabled && stageEnabled;
    if (now === this.stageEnabled) return;
    this.stageEnabled = now;
    this.emit('permissionsUpdate', this.#patch());
  }

  /** Tells when what may be sent has changed. */
  review() {
    const now = this.#media().join();
    if (now === this.#produced) return;
    this.#produced = now;
    this.emit('permissionsUpdate', this.#patch());
  }

  #patch() {
    return { media: { audio: { canProduce: this.canProduceAudio }, video: { canProduce: this.canProduceVideo } } };
  }
}
