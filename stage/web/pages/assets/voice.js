/** The readyState from which on a video element plays: HAVE_CURRENT_DATA. */
const PLAYS = 2;

/**
 * The sound of a stream whose picture does not come. A video element that waits
 * for its first frame plays no sound either (Chromium), so a speaker who was let
 * in for sound only, or whose camera is dead, would not be heard. Until there is
 * a picture, the sound comes from an element of its own.
 */
export class Voice {
  #video;
  #audio = new Audio();
  #tracks = [];
  #muted = true;

  /** @param {HTMLVideoElement} video plays the sound as soon as it can */
  constructor(video) {
    this.#video = video;
    for (const event of ['loadeddata', 'emptied']) video.addEventListener(event, () => this.check());
  }

  get muted() {
    return this.#muted;
  }

  set muted(muted) {
    this.#muted = muted;
    this.check();
  }

  /** Plays where the sound can be heard now, and only there. */
  check() {
    const tracks = this.#video.srcObject?.getAudioTracks() ?? [];
    if (tracks.length !== this.#tracks.length || tracks.some((t, i) => t !== this.#tracks[i])) {
      this.#tracks = tracks;
      this.#audio.srcObject = tracks.length > 0 ? new MediaStream(tracks) : null;
    }
    this.#video.muted = this.#muted;
    this.#audio.muted = this.#muted || this.#video.readyState >= PLAYS;
    if (tracks.length > 0 && this.#audio.paused) this.#audio.play().catch(() => {}); // the video's play() asks for the click
  }

  /** Ends it in this instant. */
  remove() {
    this.#audio.pause();
    this.#audio.srcObject = null;
    this.#tracks = [];
  }
}
