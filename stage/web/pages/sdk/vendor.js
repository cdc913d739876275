import { Emitter } from './emitter.js';
import { StageError } from './errors.js';

// What user interfaces made for the vendor's client ask of a meeting besides
// its stage. Each says what holds here: a stage, and nothing else.

/** `meeting.self.config`: which parts of a complete screen have something to show. */
export const CONFIG = Object.freeze({
  viewType: 'WEBINAR', // the vendor's word for a meeting of which some are on stage
  setupScreen: { isEnabled: false },
  waitingRoom: { isEnabled: false },
  header: { isEnabled: true, elements: { title: true, participantCount: true, timer: false, logo: '', changeLayout: false } },
  controlBar: {
    isEnabled: true,
    elements: {
      participants: true, fullscreen: true, chat: false, polls: false, plugins: false,
      screenshare: false, reactions: false, invite: false, layout: false,
    },
  },
  maxVideoStreams: { mobile: 6, desktop: 9 },
  maxScreenShareCount: 0,
  pipMode: false,
  plugins: [],
  livestreamViewerQualities: [],
});

/** Permissions for what is not here. */
export const NOT_HERE = Object.freeze({
  acceptWaitingRequests: false,
  canChangeParticipantPermissions: false,
  canDisableParticipantAudio: false,
  canDisableParticipantVideo: false,
  canEditDisplayName: false,
  canLivestream: false,
  canProduceScreenshare: 'NOT_ALLOWED',
  canRecord: false,
  canSpotlight: false,
  chatPrivate: Object.freeze({ canSend: false, canReceive: false, text: false, files: false }),
  chatPublic: Object.freeze({ canSend: false, text: false, files: false }),
  connectedMeetings: Object.freeze({ canAlterConnectedMeetings: false, canSwitchConnectedMeetings: false, canSwitchToParentMeeting: false }),
  hiddenParticipant: false,
  isRecorder: false,
  kickParticipant: false,
  mediaRoomType: 'SFU',
  pinParticipant: false,
  plugins: Object.freeze({ canClose: false, canStart: false, config: Object.freeze({}) }),
  polls: Object.freeze({ canCreate: false, canVote: false, canView: false }),
  showParticipantList: true,
  transcriptionEnabled: false,
});

/** `meeting.recording`: there is none. */
export const recording = () => Object.assign(new Emitter(), { recordingState: 'IDLE', recordings: [] });

/** `meeting.connectedMeetings`: there are none. */
export const connectedMeetings = () => Object.assign(new Emitter(), {
  isActive: false, supportsConnectedMeetings: false, meetings: [], currentMeeting: undefined, parentMeeting: undefined,
});

const BROWSERS = { Firefox: /firefox\//i, Edge: /edg\//i, Opera: /opr\//i, Chrome: /chrom(e|ium)\//i, Safari: /safari\//i };
const SYSTEMS = { Android: /android/i, iOS: /iphone|ipad/i, Windows: /windows/i, macOS: /mac os/i, Linux: /linux/i };
const named = (table) => Object.keys(table).find((name) => table[name].test(navigator.userAgent)) ?? 'Others';

/** `meeting.self.device`: what interfaces explain a browser's permissions by. */
export const device = () => Object.freeze({
  browserName: named(BROWSERS), browserVersion: '', engineName: '', osName: named(SYSTEMS),
  isMobile: /mobi/i.test(navigator.userAgent),
});

/** `meeting.__internals__`: interfaces log through it. Only what went wrong is shown. */
export const internals = () => Object.freeze({
  browserSpecs: { isFirefox: () => named(BROWSERS) === 'Firefox' },
  logger: { log() {}, info() {}, debug() {}, warn: (...args) => console.warn(...args), error: (...args) => console.error(...args) },
  features: { hasFeature: () => false },
});

/** What a method that has no meaning here is rejected with. */
export function notHere(name) {
  return Promise.reject(new StageError(2004, `${name}: method not implemented`));
}
