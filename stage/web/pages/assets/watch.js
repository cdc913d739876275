import { byId } from './dom.js';
import { start } from './page.js';
import { Sound } from './sound.js';
import { Subscriptions, wanted } from './subscriptions.js';
import { Wall } from './wall.js';

start((meeting) => {
  const subscriptions = new Subscriptions(meeting, {
    onStream: (userId, stream) => wall.newStream(userId, stream),
  });
  const wall = new Wall(subscriptions, new Sound());
  const show = () => {
    const all = meeting.participants.joined.toArray();
    subscriptions.keep(wanted(all));
    wall.show(all.filter((p) => p.stageStatus === 'ON_STAGE'));
  };
  for (const event of ['participantJoined', 'participantLeft', 'stageStatusUpdate', 'turnUpdate', 'onAirUpdate']) {
    meeting.participants.joined.on(event, show);
  }
  show();
});

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // not every screen can
}

byId('fullscreen').addEventListener('click', toggleFullscreen);
addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() === 'f' && !event.ctrlKey && !event.metaKey && !event.target.matches('input')) toggleFullscreen();
});
