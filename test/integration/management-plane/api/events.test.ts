import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { EventSocket } from '../../../../system/management-plane/api/events/event-socket.ts';
import { HintHub } from '../../../../system/management-plane/api/events/hint-hub.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import type { Identity } from '../../../../system/management-plane/api/request/identity.ts';
import {
  createAccounts,
  type TestAccounts,
} from '../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let accounts: TestAccounts;
let ca: string;
const open: WebSocket[] = [];

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  accounts = await createAccounts(plane);
  ca = readFileSync(join(plane.dataDirectory, 'tls/certificate.pem'), 'utf8');
});

afterEach(() => {
  for (const socket of open.splice(0)) {
    socket.terminate();
  }
});

afterAll(async () => {
  await plane.remove();
});

interface Listener {
  readonly socket: WebSocket;
  readonly types: string[];
  readonly closed: Promise<number>;
}

/** Rejects with the HTTP status when the handshake is refused. */
function listen(headers: Readonly<Record<string, string>>, path = '/api/v1/events') {
  return new Promise<Listener>((done, fail) => {
    const socket = new WebSocket(`${plane.httpsUrl.replace('https', 'wss')}${path}`, {
      ca,
      headers,
    });
    open.push(socket);
    const types: string[] = [];
    const closed = new Promise<number>((ended) => {
      socket.on('close', ended);
    });
    socket.on('message', (text: Buffer) => {
      types.push((JSON.parse(text.toString()) as { type: string }).type);
    });
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, answer) => {
      fail(new Error(`refused with ${String(answer.statusCode)}`));
    });
    socket.on('open', () => {
      done({ socket, types, closed });
    });
  });
}

const asBrowser = (client: ApiClient) => ({ cookie: client.cookie, origin: plane.httpsUrl });

describe('who may listen', () => {
  test('[API-001] a session of this site and a token may, nobody else', async () => {
    const token = (await accounts.superadmin.expect(201, 'POST', '/tokens', {
      name: 'wallboard',
      role: 'admin',
    })) as { value: string };
    await listen(asBrowser(accounts.admin));
    await listen({ authorization: `Bearer ${token.value}` });

    const { cookie } = accounts.admin;
    await expect(listen({})).rejects.toThrow('401');
    await expect(listen({ authorization: 'Bearer wrong' })).rejects.toThrow('401');
    await expect(listen({ cookie })).rejects.toThrow('403');
    await expect(listen({ cookie, origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(listen(asBrowser(accounts.admin), '/api/v1/other')).rejects.toThrow('404');
  });

  test('a session whose password must be changed may not', async () => {
    const fresh = await TestManagementPlane.start();
    const client = new ApiClient(fresh);
    await client.login('admin', 'wildix');
    const freshCa = readFileSync(join(fresh.dataDirectory, 'tls/certificate.pem'), 'utf8');
    const status = await new Promise((done) => {
      const socket = new WebSocket(`${fresh.httpsUrl.replace('https', 'wss')}/api/v1/events`, {
        ca: freshCa,
        headers: { cookie: client.cookie, origin: fresh.httpsUrl },
      });
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, answer) => {
        done(answer.statusCode);
      });
    });
    expect(status).toBe(403);
    await fresh.remove();
  });

  test('a connection ends when its session logs out', async () => {
    const client = new ApiClient(plane);
    await client.login('ada', 'Campanile-Test-2026!');
    const listener = await listen(asBrowser(client));
    await client.expect(204, 'DELETE', '/session');
    expect(await listener.closed).toBe(4401);
  });
});

test('[SEC-032] tells what changed to those who may read it', async () => {
  const administrator = await listen(asBrowser(accounts.admin));
  const user = await listen(asBrowser(accounts.user));

  plane.callPlane.bus.emit('calls.changed', { total: 1 });
  plane.callPlane.bus.emit('parts.changed', { parts: [] });
  plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [] });
  await accounts.superadmin.expect(201, 'POST', '/users', { name: 'Rita', extension: '180' });

  await expect
    .poll(() => new Set(administrator.types))
    .toEqual(
      new Set(['calls.changed', 'parts.changed', 'registrations.changed', 'revision.activated']),
    );
  expect(user.types).toEqual([]);
});

test('a client that talks too much is dropped', async () => {
  const listener = await listen(asBrowser(accounts.admin));
  listener.socket.send('x'.repeat(2_000));
  expect(await listener.closed).toBe(1009);
});

describe('with a clock of milliseconds', () => {
  const identity = {
    kind: 'session',
    actor: { kind: 'session', userId: 'u', name: 'U', role: 'admin' },
    language: 'en',
    mustChangePassword: false,
    sessionToken: 'x'.repeat(43),
    csrfToken: 'c',
  } as const satisfies Identity;

  async function startEvents(isSessionAlive: () => boolean, checkEveryMs: number) {
    const clock = new FakeClock();
    const hub = new HintHub(clock);
    const events = new EventSocket({
      authenticator: {
        identityOfSession: () => Promise.resolve(identity),
        identityOfToken: () => Promise.resolve(undefined),
        isSessionAlive: () => Promise.resolve(isSessionAlive()),
      },
      hub,
      logger: silentLogger,
      checkEveryMs,
    });
    const server = createServer();
    server.on('upgrade', events.upgrade);
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    const host = `127.0.0.1:${String(port)}`;
    const socket = new WebSocket(`ws://${host}/api/v1/events`, {
      autoPong: false,
      headers: { cookie: `__Host-campanile_session=${'x'.repeat(43)}`, origin: `https://${host}` },
    });
    open.push(socket);
    const closed = new Promise<number>((done) => {
      socket.on('close', done);
    });
    await new Promise((done) => {
      socket.on('open', done);
    });
    return {
      hub,
      clock,
      events,
      socket,
      closed,
      end: () => {
        events.close();
        server.close();
      },
    };
  }

  test('a connection whose session expired ends at the next look', async () => {
    let isAlive = true;
    const { socket, closed, end } = await startEvents(() => isAlive, 20);
    socket.on('ping', () => {
      socket.pong();
      isAlive = false;
    });
    expect(await closed).toBe(4401);
    end();
  });

  test('a connection whose client does not answer pings ends', async () => {
    const { closed, end } = await startEvents(() => true, 20);
    expect(await closed).toBe(1006);
    end();
  });

  test('a client that does not read is dropped before it holds much memory', async () => {
    const { hub, clock, events, socket, end } = await startEvents(() => true, 3_600_000);
    socket.pause();
    let sent = 0;
    while (events.connectionCount > 0 && sent < 1_000_000) {
      for (let index = 0; index < 1_000; index += 1) {
        hub.publish({ type: 'revision.activated', revision: 1e12 });
        clock.advance(1_000);
      }
      sent += 1_000;
      await new Promise((done) => setImmediate(done));
    }
    expect(events.connectionCount).toBe(0);
    end();
  });
});
