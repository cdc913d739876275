import { Emitter } from './emitter.js';
import { Screens } from './screens.js';
import { notHere } from './vendor.js';

const NOTHING = Object.freeze([]);

/**
 * Another participant of the meeting. Picture and sound are received from when
 * registerVideoElement() asks for them, or while on stage where the meeting
 * was connected with `receive`.
 */
export class Participant extends Emitter {
  #watch;
  #above;
  #screens = new Screens();
  /** @type {import('./whep.js').Subscription|null} */
  #subscription = null;
  #tracks = {};
  #wanted = false;
  #told = { audio: { enabled: false, track: undefined }, video: { enabled: false, track: undefined } };

  /**
   * @param {object} wire
   * @param {(userId: string, options: import('./whep.js').WatchOptions) => import('./whep.js').Subscription} watch
   * @param {(event: string, p: Participant, ...args: any[]) => void} above hears every event again
   */
  constructor(wire, watch, above) {
    super();
    this.#watch = watch;
    this.#above = above;
    this.picture = '';
    this.flags = {};
    this.isPinned = false;
    this.supportsRemoteControl = false;
    this.screenShareEnabled = false;
    this.screenShareTracks = { audio: undefined, video: undefined };
    this.take(wire);
  }

  /** Takes the server's values over. */
  take(wire) {
    /** @type {string} one per connection: the newest one's peerId */
    this.id = wire.peerId;
    /** @type {string} stable */
    this.userId = wire.userId;
    this.customParticipantId = wire.userId;
    /** @type {string} */
    this.name = wire.displayName;
    /** @type {string} */
    this.presetName = wire.preset;
    /** @type {import('./access.js').StageStatus} */
    this.stageStatus = wire.status;
    /** @type {boolean} media has come; ON_STAGE alone does not say so */
    this.onAir = wire.onAir;
    /** @type {import('./turn.js').TurnState|null} while ACCEPTED or ON_STAGE */
    this.turn = wire.turn ?? null;
  }

  /** What of the turn's media comes at present: all that it covers, while it is on air. */
  get #media() {
    return this.onAir && !this.turn?.suspended ? this.turn?.media ?? ['audio', 'video'] : NOTHING;
  }

  get audioEnabled() { return this.#media.includes('audio'); }
  get videoEnabled() { return this.#media.includes('video'); }
  get audioTrack() { return this.#tracks.audio; }
  get videoTrack() { return this.#tracks.video; }

  /** Tells listeners here and on the map, there with the participant first. */
  tell(event, ...args) {
    this.emit(event, ...args);
    this.#above(event, ...(args[0] === this ? args : [this, ...args]));
  }

  /** Tells when sound or picture began, ended, or comes by another track. */
  reviewMedia() {
    for (const kind of ['audio', 'video']) {
      const now = { enabled: this[`${kind}Enabled`], track: this.#tracks[kind] };
      const told = this.#told[kind];
      if (now.enabled === told.enabled && now.track === told.track) continue;
      this.#told[kind] = now;
      this.tell(`${kind}Update`, { [`${kind}Enabled`]: now.enabled, [`${kind}Track`]: now.track });
    }
    this.#screens.show(this.videoEnabled ? this.videoTrack : undefined);
  }

  /** @param {HTMLVideoElement} element shows the picture while there is one */
  registerVideoElement(element) {
    this.#screens.add(element, this.videoEnabled ? this.videoTrack : undefined);
    this.#watchIfWanted();
  }

  /** @param {HTMLVideoElement} [element] all of them when absent */
  deregisterVideoElement(element) {
    this.#screens.remove(element);
    this.#watchIfWanted();
  }

  /** @param {boolean} wanted whether to receive without being asked for the picture */
  wantMedia(wanted) {
    this.#wanted = wanted;
    this.#watchIfWanted();
  }

  #watchIfWanted() {
    if (!this.#wanted && this.#screens.size === 0) this.stopWatching();
    else {
      this.#subscription ??= this.#watch(this.userId, {
        onTrack: (track) => { this.#tracks[track.kind] = track; this.reviewMedia(); },
      });
    }
  }

  stopWatching() {
    this.#subscription?.stop();
    this.#subscription = null;
    this.#tracks = {};
    this.reviewMedia();
  }

  // The stage takes somebody off as a whole (meeting.stage.kick).
  disableAudio() { return notHere('participant.disableAudio'); }
  disableVideo() { return notHere('participant.disableVideo'); }
  kick() { return notHere('participant.kick'); }
  pin() { return notHere('participant.pin'); }
  unpin() { return notHere('participant.unpin'); }
}
