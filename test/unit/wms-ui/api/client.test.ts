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
    let unauthorized = 0;
    client.onUnauthorized = () => {
      unauthorized += 1;
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
    expect(unauthorized).toBe(0);
  });

  test('ends the session when nobody replaced it', async () => {
    const server = stubServer();
    const client = new ApiClient();
    let unauthorized = 0;
    client.onUnauthorized = () => {
      unauthorized += 1;
    };
    server.cookie.value = 'of another day';

    await expect(client.get('/users')).rejects.toMatchObject({ status: 401 });
    expect(unauthorized).toBe(1);
  });
});
