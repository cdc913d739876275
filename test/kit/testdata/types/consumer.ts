// A small page in TypeScript: it has to compile against the SDK's types as it
// stands, and each line marked as an error has to be one.
import { connect, watch, StageError } from './stage.js';
import type { Meeting, Participant, Settings, StageStatus } from './stage.js';

export async function speak(server: string, token: string): Promise<Meeting> {
  const meeting = await connect({ server, token, receive: true, onState: (state) => console.log(state) });
  const { stage, self, participants } = meeting;

  stage.on('stageStatusUpdate', (status, { previous, by }) => show(status, previous, by ?? ''));
  stage.on('stageTimeUpdate', ({ remainingMs }) => console.log(remainingMs.toFixed()));
  stage.on('*', (event, ...args) => console.log(event, args.length));
  participants.joined.on('stageStatusUpdate', (p, status, previous) => show(status, previous, p.userId));
  participants.joined.on('audioUpdate', ({ id }, { audioTrack }) => console.log(id, audioTrack?.readyState));
  for (const p of participants.joined.toArray()) picture(meeting, p);

  await stage.requestAccess();
  await self.setupTracks({ audio: true, video: false });
  await stage.join();
  await self.enableVideo();
  const place = await stage.takePlace();
  console.log(place.media.includes('audio'), stage.position + 1, stage.turn?.endsAt);
  return meeting;
}

export async function chair(meeting: Meeting): Promise<Settings> {
  try {
    const results = await meeting.stage.grantAccess(['ada'], { expect: 'REQUESTED_TO_JOIN_STAGE', media: ['audio'], speakingTimeMs: 60_000 });
    console.log(results.every((r) => r.ok));
    await meeting.stage.setPriority(true);
    await meeting.stage.identify(['ada'], 5000);
    console.log((await meeting.record()).map((entry) => entry.letInBy));
  } catch (err) {
    if (err instanceof StageError) console.log(err.code === '2006', err.results?.length);
  }
  return meeting.updateSettings({ mode: 'fifo', stageLimit: 2 });
}

function picture(meeting: Meeting, p: Participant): void {
  p.registerVideoElement(document.createElement('video'));
  watch(meeting, p.userId, { media: ['video'], onTrack: (track) => console.log(track.kind) }).stop();
}

function show(status: StageStatus, previous: StageStatus, who: string): void {
  console.log(status, previous, who);
}

export async function wrong(meeting: Meeting): Promise<void> {
  // @ts-expect-error there is no such setting
  await meeting.updateSettings({ mood: 'fifo' });
  // @ts-expect-error userIds are a list
  await meeting.stage.kick('ada');
  // @ts-expect-error the status is the server's to change
  meeting.stage.status = 'ON_STAGE';
  // @ts-expect-error there is no such event
  meeting.stage.on('stageStatusUpdated', () => {});
  // @ts-expect-error no such mode
  await meeting.updateSettings({ mode: 'shout' });
}
