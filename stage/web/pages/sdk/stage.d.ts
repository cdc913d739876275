// Types of the browser SDK, the module /sdk/stage.js. A copy beside your own code serves a compiler.

export type StageStatus = 'OFF_STAGE' | 'REQUESTED_TO_JOIN_STAGE' | 'ACCEPTED_TO_JOIN_STAGE' | 'ON_STAGE';
export type StageAccess = 'ALLOWED' | 'CAN_REQUEST' | 'NOT_ALLOWED';
export type Media = 'audio' | 'video';
export type LinkState = 'connecting' | 'connected' | 'reconnecting' | 'refused' | 'closed';
export type RoomState = 'init' | 'joined' | 'disconnected' | 'left' | 'failed';
export type MediaPermission =
  | 'NOT_REQUESTED' | 'ACCEPTED' | 'DENIED' | 'SYSTEM_DENIED' | 'COULD_NOT_START' | 'NO_DEVICES_AVAILABLE';
/** Why a status changed. A newer server may know more. */
export type Reason = string;

/** Methods of Node's event emitters; the event '*' hears all, with the name in front. */
export interface Emitting<Events extends { [K in keyof Events]: unknown[] }> {
  on<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  on(event: '*', listener: (event: string, ...args: unknown[]) => void): this;
  once<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  off<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  off(event: '*', listener: (event: string, ...args: unknown[]) => void): this;
  addListener<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  removeListener<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  prependListener<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  prependOnceListener<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): this;
  removeAllListeners(event?: keyof Events & string): this;
  listeners(event: keyof Events & string): Function[];
  listenerCount(event: keyof Events & string): number;
  eventNames(): string[];
  emit<E extends keyof Events & string>(event: E, ...args: Events[E]): boolean;
}

/** A Map by id that is an emitter too. */
export interface EmitterMap<V, Events extends { [K in keyof Events]: unknown[] }>
  extends Omit<Map<string, V>, never>, Emitting<Events> {
  toArray(): V[];
}

export class Emitter {}
export interface Emitter extends Emitting<Record<string, unknown[]>> {}

/** What a call is rejected with. */
export class StageError extends Error {
  constructor(code: string | number, message: string, more?: { data?: unknown; results?: TargetResult[] });
  /** '2006' and the like, or 'connection-lost', 'refused', 'aborted', 'timeout', 'device'. */
  code: string;
  data?: { retryAfterMs?: number; status?: number; [key: string]: unknown };
  /** Of a host's call that failed for some: what came of each. */
  results?: TargetResult[];
}

export interface TargetResult {
  userId: string;
  ok: boolean;
  /** Whether the call changed anything. */
  changed?: boolean;
  code?: number;
  message?: string;
}

export interface StageRequest {
  displayName: string;
  userId: string;
  peerId: string;
  requestedAt: string;
  /** 1 = next */
  position: number;
}

/** What is known of a turn that was granted or runs. */
export interface TurnState {
  invited: boolean;
  by?: string;
  media: Media[];
  expiresAt?: string;
  onStageAt?: string;
  endsAt?: string;
  suspended?: boolean;
}

export interface SpeakingTime {
  phase: 'unlimited' | 'running' | 'warning' | 'over' | 'paused';
  limitMs: number;
  remainingMs: number;
  endsAt?: string;
}

export interface Priority {
  held: boolean;
  userId: string;
  displayName: string;
}

/** Where and with which one-time token to publish (WHIP). */
export interface Place {
  url: string;
  token: string;
  expiresAt: string;
  media: Media[];
}

export interface GrantOptions {
  media?: Media[];
  /** 0: without end */
  speakingTimeMs?: number;
}

export interface Expectation {
  /** Refuses every target that is not in this status. */
  expect?: StageStatus;
}

export interface StatusDetail {
  previous: StageStatus;
  reason: Reason;
  by?: string;
  /** While waiting. */
  position?: number;
  requestedAt?: string;
}

export interface StageEvents {
  stageStatusUpdate: [status: StageStatus, detail: StatusDetail];
  stageAccessRequestUpdate: [requests: StageRequest[]];
  newStageRequest: [{ count: number; request: StageRequest }];
  stageRequestApproved: [{ invited: boolean; expiresAt?: string; media: Media[] }];
  stageRequestRejected: [{ reason: Reason }];
  stageRemoved: [{ reason: Reason; by?: string }];
  stagePositionUpdate: [position: number];
  stageTimeUpdate: [time: SpeakingTime];
  stageSuspended: [{ suspended: boolean; by?: string }];
  stageIdentify: [{ durationMs: number; by: string }];
  stagePriorityUpdate: [priority: Priority];
}

export interface Stage extends Emitting<StageEvents> {
  readonly status: StageStatus;
  readonly peerId: string;
  /** In the queue; 0 when not waiting, 1 = next. */
  readonly position: number;
  readonly turn: TurnState | null;
  readonly suspended: boolean;
  readonly time: SpeakingTime | null;
  readonly priority: Priority;
  getAccessRequests(): { stageRequests: StageRequest[] };
  requestAccess(): Promise<void>;
  cancelRequestAccess(): Promise<void>;
  join(): Promise<void>;
  leave(): Promise<void>;
  takePlace(): Promise<Place>;
  grantAccess(userIds: string[], options?: GrantOptions & Expectation): Promise<TargetResult[]>;
  denyAccess(userIds: string[], options?: Expectation): Promise<TargetResult[]>;
  kick(userIds: string[], options?: Expectation): Promise<TargetResult[]>;
  grantNext(options?: GrantOptions): Promise<TargetResult[]>;
  clearRequests(): Promise<TargetResult[]>;
  setPriority(held: boolean): Promise<Priority>;
  identify(userIds: string[], durationMs?: number): Promise<TargetResult[]>;
}

export interface AudioState {
  audioEnabled: boolean;
  audioTrack?: MediaStreamTrack;
}

export interface VideoState {
  videoEnabled: boolean;
  videoTrack?: MediaStreamTrack;
}

export interface ParticipantEvents {
  stageStatusUpdate: [participant: Participant, status: StageStatus, previous: StageStatus, detail: { reason?: Reason; by?: string }];
  turnUpdate: [participant: Participant];
  onAirUpdate: [onAir: boolean];
  audioUpdate: [AudioState];
  videoUpdate: [VideoState];
}

export interface ParticipantMapEvents {
  participantJoined: [participant: Participant];
  participantLeft: [participant: Participant];
  participantsUpdate: [];
  stageStatusUpdate: ParticipantEvents['stageStatusUpdate'];
  turnUpdate: [participant: Participant];
  onAirUpdate: [participant: Participant, onAir: boolean];
  audioUpdate: [participant: Participant, state: AudioState];
  videoUpdate: [participant: Participant, state: VideoState];
}

export type ParticipantMap = EmitterMap<Participant, ParticipantMapEvents>;

export interface Participant extends Emitting<ParticipantEvents>, Readonly<AudioState>, Readonly<VideoState> {
  readonly id: string;
  readonly userId: string;
  readonly customParticipantId: string;
  readonly name: string;
  readonly picture: string;
  readonly presetName: string;
  readonly stageStatus: StageStatus;
  readonly onAir: boolean;
  readonly turn: TurnState | null;
  readonly isPinned: boolean;
  readonly screenShareEnabled: boolean;
  registerVideoElement(element: HTMLVideoElement): void;
  deregisterVideoElement(element?: HTMLVideoElement): void;
}

export interface Participants extends Emitting<Record<never, never>> {
  readonly joined: ParticipantMap;
  readonly active: ParticipantMap;
  readonly pinned: ParticipantMap;
  readonly waitlisted: ParticipantMap;
  readonly viewerCount: number;
  readonly count: number;
  readonly viewMode: string;
  readonly currentPage: number;
  readonly pageCount: number;
  readonly maxActiveParticipantsCount: number;
  byUserId(userId: string): Participant | undefined;
}

export interface Permissions extends Emitting<{ permissionsUpdate: [patch: object] }> {
  readonly stageEnabled: boolean;
  readonly stageAccess: StageAccess;
  readonly acceptStageRequests: boolean;
  readonly canProduceAudio: 'ALLOWED' | 'NOT_ALLOWED';
  readonly canProduceVideo: 'ALLOWED' | 'NOT_ALLOWED';
  readonly canProduceScreenshare: 'ALLOWED' | 'NOT_ALLOWED';
  readonly showParticipantList: boolean;
}

export interface SelfEvents {
  roomJoined: [{ reconnected: boolean }];
  roomLeft: [{ state: RoomState }];
  audioUpdate: [AudioState];
  videoUpdate: [VideoState];
  mediaPermissionUpdate: [{ kind: Media; message: MediaPermission }];
  deviceUpdate: [{ device: MediaDeviceInfo; preview: boolean }];
  deviceListUpdate: [{ devices: MediaDeviceInfo[]; added: MediaDeviceInfo[]; removed: MediaDeviceInfo[] }];
  toggleTile: [{ hidden: boolean }];
  onAirUpdate: [onAir: boolean];
  /** Publishing failed; the turn goes on. */
  mediaError: [error: Error];
}

export interface Self extends Emitting<SelfEvents>, Readonly<AudioState>, Readonly<VideoState> {
  readonly id: string;
  readonly peerId: string;
  readonly userId: string;
  readonly customParticipantId: string;
  readonly name: string;
  readonly picture: string;
  readonly presetName: string;
  readonly roomState: RoomState;
  readonly roomJoined: boolean;
  readonly stageStatus: StageStatus;
  readonly onAir: boolean;
  readonly isPublishing: boolean;
  readonly hidden: boolean;
  readonly isPinned: boolean;
  readonly permissions: Permissions;
  readonly config: object;
  readonly device: { browserName: string; osName: string; isMobile: boolean };
  readonly mediaPermissions: { audio: MediaPermission; video: MediaPermission; screenshare: MediaPermission };
  readonly rawAudioTrack?: MediaStreamTrack;
  readonly rawVideoTrack?: MediaStreamTrack;
  setupTracks(options?: { audio?: boolean; video?: boolean; forceReset?: boolean }): Promise<void>;
  enableAudio(customTrack?: MediaStreamTrack): Promise<void>;
  enableVideo(customTrack?: MediaStreamTrack): Promise<void>;
  disableAudio(): Promise<void>;
  disableVideo(): Promise<void>;
  getCurrentDevices(): { audio?: MediaDeviceInfo; video?: MediaDeviceInfo; speaker?: MediaDeviceInfo };
  getAllDevices(): Promise<MediaDeviceInfo[]>;
  getAudioDevices(): Promise<MediaDeviceInfo[]>;
  getVideoDevices(): Promise<MediaDeviceInfo[]>;
  getSpeakerDevices(): Promise<MediaDeviceInfo[]>;
  getDeviceById(deviceId: string, kind?: string): Promise<MediaDeviceInfo | undefined>;
  setDevice(device: MediaDeviceInfo): Promise<void>;
  registerVideoElement(element: HTMLVideoElement, isPreview?: boolean): void;
  deregisterVideoElement(element?: HTMLVideoElement, isPreview?: boolean): void;
  hide(): Promise<void>;
  show(): void;
  stats(): Promise<RTCStatsReport | null>;
}

export interface Meta extends Emitting<{
  socketConnectionUpdate: [{ state: string; reconnected: boolean; reconnectionAttempt: number }];
  mediaConnectionUpdate: [{ transport: 'send' | 'recv'; state: string }];
}> {
  readonly meetingTitle: string;
  readonly meetingId: string;
  readonly roomName: string;
  readonly viewType: string;
  readonly socketState: { state: string; reconnected: boolean; reconnectionAttempt: number };
  readonly mediaState: { send: { state: string }; recv: { state: string } };
}

/** What holds for the whole meeting; times in ms. */
export interface Settings {
  stageEnabled: boolean;
  mode: 'request' | 'fifo' | 'open' | 'override';
  stageLimit: number;
  queueLimit: number;
  requestsClosed: boolean;
  media: Media[];
  grantExpiryMs: number;
  speakingTimeMs: number;
  speakingWarningMs: number;
  speakingEnd: 'warn' | 'off';
  rejectionWaitMs: number;
  priority: 'suspend' | 'remove';
}

/** One turn on stage. */
export interface RecordEntry {
  userId: string;
  displayName: string;
  onStageAt: string;
  offStageAt?: string;
  onStageMs: number;
  onAirMs: number;
  how: 'approved' | 'invited' | 'allowed' | 'fifo' | 'open' | 'override';
  letInBy?: string;
  media: Media[];
  endReason?: Reason;
  endedBy?: string;
}

export interface LinkDetail {
  attempt?: number;
  retryInMs?: number;
  error?: StageError;
}

export interface MeetingOptions {
  /** Base URL, such as location.origin. */
  server: string;
  token: string;
  /** Receive picture and sound of everybody on stage. */
  receive?: boolean;
}

export interface MeetingEvents {
  connectionStateUpdate: [state: LinkState, detail: LinkDetail];
  viewerCountUpdate: [count: number];
  settingsUpdate: [settings: Settings, by?: string];
}

export class Meeting {
  constructor(options: MeetingOptions);
  readonly server: string;
  readonly token: string;
  readonly peerId: string;
  readonly connectionState: LinkState;
  readonly settings: Settings | null;
  readonly stage: Stage;
  readonly self: Self;
  readonly participants: Participants;
  readonly meta: Meta;
  readonly recording: object;
  readonly connectedMeetings: object;
  join(): Promise<void>;
  open(): void;
  leave(): Promise<void>;
  close(): void;
  updateSettings(patch: Partial<Settings>): Promise<Settings>;
  record(): Promise<RecordEntry[]>;
}
export interface Meeting extends Emitting<MeetingEvents> {}

export interface ConnectOptions extends MeetingOptions {
  signal?: AbortSignal;
  onState?: (state: LinkState, detail: LinkDetail, meeting: Meeting) => void;
}

/** Connects and joins. Rejected ('refused') when the token is. */
export function connect(options: ConnectOptions): Promise<Meeting>;

export interface WatchOptions {
  media?: Media[];
  onTrack?: (track: MediaStreamTrack, stream: MediaStream) => void;
  onStream?: (stream: MediaStream) => void;
  onState?: (state: 'connecting' | 'connected' | 'waiting' | 'refused' | 'stopped', detail: { status?: number; message?: string }) => void;
}

export class Subscription {
  readonly stream: MediaStream;
  readonly state: string;
  stats(): Promise<RTCStatsReport | null>;
  stop(): void;
}

/** Receives one participant's picture and sound, and stays at it until stop(). */
export function watch(meeting: Meeting, userId: string, options?: WatchOptions): Subscription;

/** Helps interfaces made for the vendor's client over what they leave open. */
export function accompany(meeting: Meeting, element: HTMLElement): () => void;

export interface Claims {
  sub: string;
  name: string;
  meeting: string;
  preset: string | object;
  exp?: number;
}

/** Reads a token's claims, for showing them. */
export function claimsOf(token: string): Claims | null;
