import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiClient } from '../../../../wms-ui/src/lib/api/client.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A server with one session, which a change of the password replaces. */
function stubServer() {
  let session = 'old';
  const cookie = { value: 'old' };
  let finishRenewal = (): void => undefined;
  const renewal = new Promise<void>((done) => {
    finishRenewal = done;
  });
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    const sent = cookie.value;
    asked.push(`${address} ${sent}`);
    if (address.endsWith('/session/password')) {
      session = 'new';
      await renewal;
      cookie.value = 'new';
      return Response.json({});
    }
    return sent === session ? Response.json({ items: [] }) : Response.json({}, { status: 401 });
  });
  return { asked, cookie, finishRenewal };
}

describe('a refused request', () => {
  test('is sent again with the new session when the session was replaced meanwhile', async () => {
    const server = stubServer();
    const client = new ApiClient();
    let ended = 0;
    client.onSessionEnded = async () => {
      ended += 1;
      return Promise.resolve(false);
    };

    const changing = client.post('/session/password', {}, { isRenewal: true });
    const listing = client.get('/users');
    await vi.waitFor(() => {
      expect(server.asked).toHaveLength(2);
    });
    server.finishRenewal();

    await changing;
    expect(await listing).toEqual({ items: [] });
    expect(server.asked.at(-1)).toBe('/api/v1/users new');
    expect(ended).toBe(0);
  });

  test('ends the session when nobody replaced it', async () => {
    const server = stubServer();
    const client = new ApiClient();
    let ended = 0;
    client.onSessionEnded = async () => {
      ended += 1;
      return Promise.resolve(false);
    };
    server.cookie.value = 'of another day';

    await expect(client.get('/users')).rejects.toMatchObject({ status: 401 });
    expect(ended).toBe(1);
  });

  test('waits for the same account to be back and is sent again, with all others', async () => {
    const server = stubServer();
    const client = new ApiClient();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    client.onSessionEnded = async () => promise;
    server.cookie.value = 'of another day';

    const body = { name: 'Anna' };
    const waiting = [client.post('/users', body), client.get('/devices')];
    const stopped = new AbortController();
    const given = client.get('/calls', { signal: stopped.signal });
    await vi.waitFor(() => {
      expect(server.asked).toHaveLength(3);
    });
    stopped.abort();
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    server.cookie.value = 'old';
    resolve(true);

    expect(await Promise.all(waiting)).toEqual([{ items: [] }, { items: [] }]);
    expect(server.asked.slice(3).toSorted()).toEqual(['/api/v1/devices old', '/api/v1/users old']);
  });

  test('that is about the session itself tells nobody but its caller', async () => {
    const server = stubServer();
    const client = new ApiClient();
    client.onSessionEnded = async () => Promise.reject(new Error('asked'));
    server.cookie.value = 'of another day';

    await expect(client.get('/session', { isAboutSession: true })).rejects.toMatchObject({
      status: 401,
    });
  });
});
