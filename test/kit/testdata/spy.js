// Notes what a page does with its devices and its connections, in order. It has
// to be imported before the SDK.

window.acts = [];
const act = (name, detail) => window.acts.push({ name, detail, at: performance.now() });

/** The connections that could carry something. */
window.connections = [];
window.openConnections = () => window.connections.filter((pc) => pc.signalingState !== 'closed').length;

/** The tracks of devices that are open. */
const tracks = [];
window.openDevices = () => tracks.filter((track) => track.readyState === 'live').map((track) => track.kind).sort().join();

/** Whether the browser's user says no. */
window.deviceIsDenied = false;

/** A promise that every device waits for before it is open. */
window.deviceIsSlow = undefined;

const { mediaDevices } = navigator;
const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
mediaDevices.getUserMedia = async (wishes) => {
  act('getUserMedia', Object.keys(wishes).join());
  if (window.deviceIsDenied) throw new DOMException('Permission denied', 'NotAllowedError');
  const stream = await getUserMedia(wishes);
  await window.deviceIsSlow;
  tracks.push(...stream.getTracks());
  return stream;
};

window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...args) {
    super(...args);
    window.connections.push(this);
  }

  close() {
    act('close');
    super.close();
  }
};

const { stop } = MediaStreamTrack.prototype;
MediaStreamTrack.prototype.stop = function stopped() {
  act('stop', this.kind);
  stop.call(this);
};

/** Sockets that the page believes closed, and the server does not. */
window.halfOpen = [];
window.keepOpen = false;
const { close } = WebSocket.prototype;
WebSocket.prototype.close = function closed(...args) {
  if (window.keepOpen) window.halfOpen.push(this);
  else close.apply(this, args);
};

const { send } = WebSocket.prototype;
WebSocket.prototype.send = function sent(text) {
  act('send', JSON.parse(text).method);
  send.call(this, text);
};

const { fetch } = window;
window.fetch = (url, options = {}) => {
  if (String(url).includes('/v1/whip/')) {
    const media = [...(options.body ?? '').matchAll(/^m=(\w+)/gm)].map((m) => m[1]);
    act(options.method, { media: media.join(), h264: !/VP8|AV1|VP9/.test(options.body), token: options.headers.Authorization });
  }
  return fetch(url, options);
};

/** The names of what was done since the last time. */
window.done = () => window.acts.splice(0).map(({ name, detail }) => (typeof detail === 'string' ? `${name} ${detail}` : name)).join(', ');
