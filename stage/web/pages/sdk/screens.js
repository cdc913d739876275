/** The video elements of one participant, and what they show. */
export class Screens {
  /** @type {Set<HTMLVideoElement>} */
  #elements = new Set();

  get size() {
    return this.#elements.size;
  }

  /** @param {HTMLVideoElement} element @param {MediaStreamTrack} [track] */
  add(element, track) {
    if (!element) return;
    this.#elements.add(element);
    put(element, track);
  }

  /** @param {HTMLVideoElement} [element] all of them when absent */
  remove(element) {
    for (const one of element ? [element] : this.#elements) {
      if (this.#elements.delete(one)) put(one, undefined);
    }
  }

  /** @param {MediaStreamTrack} [track] */
  show(track) {
    for (const element of this.#elements) put(element, track);
  }
}

function put(element, track) {
  const now = element.srcObject instanceof MediaStream ? element.srcObject.getVideoTracks()[0] : undefined;
  if (now === track) return;
  element.srcObject = track ? new MediaStream([track]) : null;
  if (track) element.play().catch(() => {}); // a hidden or removed one plays when it is shown
}
