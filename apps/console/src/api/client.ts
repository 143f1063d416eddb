import { MillraceClient } from '@millrace/clients';
import { BrowserSession } from './session.js';

const baseUrl = window.location.origin;

/** The session of this page. */
export const session = new BrowserSession(baseUrl);

/** The API as the person who is logged in; refusals throw `ApiError`. */
export const client = new MillraceClient({ baseUrl, patienceMs: 4_000, fetch: (request) => session.send(request) });

/** Every route with its types: `answer(api.GET('/v1/me'))`. */
export const api: MillraceClient['api'] = client.api;

/** The API before there is a session: log-in, sign-up, invitations. Nothing is repeated behind the person's back. */
export const openApi: MillraceClient['api'] = new MillraceClient({ baseUrl }).api;
