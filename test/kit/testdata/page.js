// What every test page has: the parameters of its address, and a way to find
// things through shadow roots.

const parameters = new URLSearchParams(location.hash.slice(1));
export const server = parameters.get('server');
export const token = parameters.get('token');

function* roots(root = document) {
  yield root;
  for (const element of root.querySelectorAll('*')) if (element.shadowRoot) yield* roots(element.shadowRoot);
}

/** All that match, through shadow roots. "a >>> b" finds b somewhere inside a. */
window.all = (selector, from = document) => {
  const [first, ...rest] = selector.split(' >>> ');
  const found = [...roots(from)].flatMap((root) => [...root.querySelectorAll(first)]);
  if (rest.length === 0) return found;
  return found.flatMap((element) => [
    ...(element.shadowRoot ? window.all(rest.join(' >>> '), element.shadowRoot) : []),
    ...window.all(rest.join(' >>> '), element),
  ]);
};

window.one = (selector) => window.all(selector)[0] ?? null;

/** The text that a person sees of it. */
window.text = (selector) => window.all(selector).map((element) => element.innerText ?? element.textContent).join('|');

window.visible = (selector) => window.all(selector).some((element) => element.checkVisibility() && element.getBoundingClientRect().width > 0);

/**
 * The middle of the first that is to be seen, or null. "@user selector" looks
 * into the participants' list's row of this user.
 */
window.where = (selector) => {
  const [, userId, inRow] = selector.match(/^@(\S+) (.*)$/) ?? [];
  const found = userId
    ? window.all('rtk-participant').filter((row) => row.participant?.userId === userId).flatMap((row) => window.all(inRow, row.shadowRoot))
    : window.all(selector);
  for (const element of found) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || !element.checkVisibility()) continue;
    return { X: box.x + box.width / 2, Y: box.y + box.height / 2 };
  }
  return null;
};

/** Whether the first that is to be seen has stayed where it is for 100 ms; `at` is where. */
window.rests = (selector) => {
  const at = window.where(selector);
  const same = at && window.at && window.at.X === at.X && window.at.Y === at.Y && window.at.selector === selector;
  if (!same) window.at = at && { ...at, selector, since: performance.now() };
  return Boolean(same) && performance.now() - window.at.since > 100;
};

/** Whether a video under the selector shows moving pictures. */
window.moving = (selector) => window.all(selector).some((video) => {
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  video.firstSeen ??= totalVideoFrames;
  return video.videoWidth > 0 && totalVideoFrames > video.firstSeen + 2;
});

/** A log of every event of a meeting, as text. */
window.listenTo = (meeting) => {
  window.heard = [];
  const brief = (value) => (value && typeof value === 'object' && 'userId' in value && 'stageStatus' in value ? value.userId : value);
  const note = (name) => (event, ...args) => window.heard.push([name, event, ...args.map(brief)]);
  meeting.on('*', note('meeting'));
  meeting.stage.on('*', note('stage'));
  meeting.self.on('*', note('self'));
  meeting.self.permissions.on('*', note('permissions'));
  meeting.participants.joined.on('*', note('joined'));
  meeting.participants.active.on('*', note('active'));
};

const CHANGING = ['requestedAt', 'expiresAt', 'endsAt', 'onStageAt', 'peerId', 'remainingMs'];

/** The events since the last time, as text, without what differs from run to run. */
window.news = () => window.heard.splice(0)
  .filter(([, event]) => !['participantsUpdate', 'permissionsUpdate', 'viewerCountUpdate'].includes(event))
  .map(([from, event, ...args]) => {
    const text = JSON.stringify(args, (key, value) => (CHANGING.includes(key) ? undefined : value));
    return `${from}.${event} ${text.slice(1, -1)}`;
  }).join('\n');

/** The events since the last time, as soon as there are so many and then none for a moment. */
window.newsOf = async (count) => {
  const texts = [];
  let last = performance.now();
  for (const end = last + 10_000; performance.now() < end;) {
    const more = window.news();
    if (more) {
      texts.push(...more.split('\n'));
      last = performance.now();
    }
    if (texts.length >= count && performance.now() - last > 80) break;
    await new Promise((done) => { setTimeout(done, 10); });
  }
  return texts.join('\n');
};

/** What a failed test wants to know of this page. */
window.account = async () => {
  const { self, stage, meta, participants } = window.meeting;
  const sent = [...(await self.stats())?.values() ?? []].filter(({ type }) => type === 'outbound-rtp')
    .map(({ kind, packetsSent, framesEncoded, pliCount }) => ({ kind, packetsSent, framesEncoded, pliCount }));
  const others = participants.joined.toArray().map((p) => [p.userId, p.stageStatus, p.onAir, p.videoTrack?.muted, p.turn]);
  const { status, turn } = stage;
  return JSON.stringify({ status, turn, audio: self.audioEnabled, video: self.videoEnabled, media: meta.mediaState, sent, others, heard: window.heard.slice(-12) });
};

export const { accompany, connect, watch, Meeting } = await import(`${server}/sdk/stage.js`);
