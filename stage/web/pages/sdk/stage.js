/**
 * The browser SDK of the stage.
 *
 *     import { connect, watch } from '/sdk/stage.js';
 *     const meeting = await connect({ server: location.origin, token });
 *     await meeting.stage.requestAccess();
 *
 * The objects are shaped like Cloudflare RealtimeKit's (`meeting.stage`,
 * `meeting.self`, `meeting.participants`). This file only gathers what the
 * modules beside it offer.
 */
export { connect, Meeting } from './meeting.js';
export { watch, Subscription } from './whep.js';
export { accompany } from './kit.js';
export { claimsOf } from './token.js';
export { StageError } from './errors.js';
export { Emitter } from './emitter.js';
