/** Logging in and out of browsers, and the own password. */
import type { SessionIdentity } from '../../../accounts/sessions.ts';
import { ApiError } from '../../errors/api-error.ts';
import { type Identity, requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentSession } from './present.ts';
import { loginRequestSchema, passwordChangeRequestSchema, sessionSchema } from './schema.ts';

export const sessionRoutes = [
  defineRoute({
    method: 'POST',
    path: '/session',
    permission: 'public',
    summary: 'Logs a browser in: sets the session cookie and tells the CSRF token.',
    body: { type: 'application/json', schema: loginRequestSchema },
    answer: { kind: 'json', status: 200, schema: sessionSchema },
    handler: async ({ body, source, setSessionCookie }, { logins, store }) => {
      const session = await logins.logIn({ ...body, source });
      setSessionCookie(session.sessionToken);
      return { body: presentSession(session, store.settings) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/session',
    permission: 'session.own',
    summary: 'Tells who is logged in.',
    answer: { kind: 'json', status: 200, schema: sessionSchema },
    handler: ({ identity }, { store }) => ({
      body: presentSession(requireSession(identity), store.settings),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/session',
    permission: 'session.own',
    summary: 'Logs out.',
    answer: { kind: 'none', status: 204 },
    handler: async ({ identity, source, setSessionCookie }, { logins, sessionEnds }) => {
      const session = requireSession(identity);
      await logins.logOut(session, source);
      sessionEnds.emit('ended', session.sessionToken);
      setSessionCookie(undefined);
      return {};
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/session/password',
    permission: 'session.own',
    summary: 'Sets the own password; all other sessions of the account end.',
    body: { type: 'application/json', schema: passwordChangeRequestSchema },
    answer: { kind: 'json', status: 200, schema: sessionSchema },
    handler: async ({ body, identity, source, setSessionCookie }, services) => {
      const { logins, sessionEnds, store } = services;
      const session = requireSession(identity);
      const next = await logins.changeOwnPassword(session, { ...body, source });
      sessionEnds.emit('ended', session.sessionToken);
      setSessionCookie(next.sessionToken);
      return { body: presentSession(next, store.settings) };
    },
  }),
];

/** Tokens have no session: there is nothing to show, end or log in with. */
function requireSession(identity: Identity | undefined): SessionIdentity {
  const known = requireIdentity(identity);
  if (known.kind !== 'session') {
    throw new ApiError('forbidden', 'This is for browsers that logged in, not for tokens.');
  }
  return known;
}
