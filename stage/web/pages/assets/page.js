import { claimsOf, connect } from '/sdk/stage.js';
import { byId, plain, setText } from './dom.js';
import { forgetToken, storeToken, takeToken } from './session.js';

// What /console and /watch have in common: the bar, the connection's state, and
// the card that asks for a token or says why there is no more access.

const STATES = {
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  refused: 'No access',
  closed: 'Disconnected',
};

/** The theme toggle: one button, two states. */
export function themeToggle() {
  const button = byId('theme');
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  const show = () => button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    localStorage.setItem('podium-theme', root.dataset.theme);
    show();
  });
  show();
}

/**
 * Starts a page that needs a token.
 * @param {(meeting: import('/sdk/meeting.js').Meeting) => void} begin is called
 *   once, when joined for the first time
 */
export function start(begin) {
  themeToggle();
  signInForm();
  addEventListener('hashchange', () => {
    if (location.hash.includes('token=')) location.reload();
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload(); // its connections are dead
  });
  const token = takeToken();
  const claims = claimsOf(token);
  if (!claims) {
    showCard('Who are you?', 'Paste the access token that you were given. It stays in this tab.');
    connection('closed');
    return;
  }
  identify(claims);
  connect({ server: location.origin, token, onState: connectionChanged }).then((meeting) => {
    addEventListener('pagehide', () => meeting.close());
    identify({ ...claims, name: meeting.self.name });
    document.body.dataset.ready = 'true';
    begin(meeting);
  }, () => {}); // connectionChanged has shown why
}

function identify(claims) {
  setText(byId('meeting'), plain(claims.meeting));
  setText(byId('who'), plain(claims.name));
  document.title = `${plain(claims.meeting)} · ${document.title.split(' · ').pop()}`;
}

let wasConnected = false;

function connectionChanged(state, detail) {
  connection(state);
  const banner = byId('banner');
  wasConnected ||= state === 'connected';
  if (state === 'refused') {
    banner.hidden = true;
    refused(detail.error);
    return;
  }
  const lost = state === 'reconnecting' || (state === 'connecting' && detail.attempt > 0);
  banner.hidden = !lost;
  if (lost) {
    setText(banner, wasConnected ? 'Connection lost, reconnecting…' : 'The stage server does not answer, trying again…');
  }
}

function connection(state) {
  const mark = byId('connection');
  mark.dataset.state = state;
  setText(mark, STATES[state]);
  document.body.dataset.connection = state;
}

function refused(error) {
  if (error.data?.status === 403) {
    showCard('This page may not use the stage', plain(error.message));
    return;
  }
  forgetToken();
  showCard('Your access has ended',
    'The stage server does not accept this access token any more: it has run out, or it was made for another server. '
    + 'Ask the organiser for a new link, or paste a new token here.', plain(error.message));
}

/** Shows the card in place of the page. */
export function showCard(title, text, detail = '') {
  setText(byId('card-title'), title);
  setText(byId('card-text'), text);
  setText(byId('card-detail'), detail);
  byId('card-detail').hidden = !detail;
  byId('card').hidden = false;
  byId('main').hidden = true;
  byId('token').focus();
}

function signInForm() {
  const input = byId('token');
  byId('sign-in').addEventListener('submit', (event) => {
    event.preventDefault();
    const pasted = input.value.trim();
    const token = pasted.includes('#token=') ? pasted.split('#token=')[1] : pasted; // a whole link is fine too
    if (storeToken(token)) {
      location.reload();
      return;
    }
    const problem = byId('token-problem');
    setText(problem, 'That is not an access token. It is one long word with two dots in it; copy all of it.');
    problem.hidden = false;
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  });
}
