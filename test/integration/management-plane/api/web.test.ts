import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { get as httpGet, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  exampleUiScript,
  TestManagementPlane,
} from '../../../support/management-plane/management-plane.ts';

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

let plane: TestManagementPlane;
let ca: string;

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  ca = readFileSync(join(plane.dataDirectory, 'tls/certificate.pem'), 'utf8');
});

afterAll(async () => {
  await plane.remove();
});

/** The path goes out exactly as it is written here. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<RawAnswer>((done, fail) => {
    const options = { host: '127.0.0.1', port: plane.httpsPort, path, method, headers, ca };
    httpsRequest(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body });
      });
    })
      .on('error', fail)
      .end();
  });
}

describe('plain HTTP', () => {
  test.each([
    { path: '/', method: 'GET', status: 301 },
    { path: '/users?search=x', method: 'GET', status: 301 },
    { path: '/api/v1/users', method: 'POST', status: 308 },
  ])('[UI-001] [SEC-006] leads $method $path to HTTPS', async ({ path, method, status }) => {
    const answer = await new Promise<RawAnswer>((done, fail) => {
      httpRequest({ host: '127.0.0.1', port: plane.httpPort, path, method }, (incoming) => {
        incoming.resume();
        const { statusCode = 0, headers } = incoming;
        done({ status: statusCode, headers, body: Buffer.alloc(0) });
      })
        .on('error', fail)
        .end();
    });
    expect(answer.status).toBe(status);
    expect(answer.headers['location']).toBe(`https://127.0.0.1:${String(plane.httpsPort)}${path}`);
  });

  test('does not lead to a host that cannot be one', async () => {
    const status = await new Promise((done, fail) => {
      const headers = { host: 'evil.example/x?' };
      httpGet({ host: '127.0.0.1', port: plane.httpPort, path: '/', headers }, (incoming) => {
        incoming.resume();
        done(incoming.statusCode);
      }).on('error', fail);
    });
    expect(status).toBe(400);
  });

  test('tells its state to a watcher on the same machine', async () => {
    const status = await new Promise((done, fail) => {
      const url = `http://127.0.0.1:${String(plane.httpPort)}/api/v1/health`;
      httpGet(url, (incoming) => {
        incoming.resume();
        done(incoming.statusCode);
      }).on('error', fail);
    });
    expect(status).toBe(200);
  });

  test('bytes that are no HTTP end the connection and nothing else', async () => {
    for (const port of [plane.httpPort, plane.httpsPort]) {
      await new Promise<void>((done) => {
        const socket = connectPlain(port, '127.0.0.1', () => {
          socket.write(Buffer.from('00ff00ff0a0d0a0d'.repeat(100), 'hex'));
        });
        socket.on('error', () => undefined);
        socket.on('close', () => {
          done();
        });
        socket.resume();
      });
    }
    expect((await get('/api/v1/version')).status).toBe(200);
  });
});

describe('HTTPS', () => {
  function handshake(options: ConnectionOptions): Promise<string> {
    return new Promise((done, fail) => {
      const socket = connect({ host: '127.0.0.1', port: plane.httpsPort, ca, ...options }, () => {
        done(socket.getProtocol() ?? '');
        socket.destroy();
      });
      socket.on('error', fail);
    });
  }

  test('speaks TLS 1.2 and 1.3, nothing older', async () => {
    expect(await handshake({})).toBe('TLSv1.3');
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const;
    await expect(handshake(old)).rejects.toThrow();
  });

  test.each(['/', '/users', '/api/v1/version', '/api/v1/users', '/nothing.js'])(
    'sends the headers that keep a browser safe with %s',
    async (path) => {
      const { headers } = await get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    },
  );
});

describe('files of the user interface', () => {
  test('the start page answers for every page of the interface, and is never kept', async () => {
    for (const path of ['/', '/users', '/calls/history?x=1']) {
      const answer = await get(path);
      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.body.toString()).toContain('<title>Campanile</title>');
    }
  });

  test('files with a hash in their name are kept for ever', async () => {
    const answer = await get('/assets/index-4f3a2b1c.js');
    expect(answer.body.toString()).toBe(exampleUiScript);
    expect(answer.headers['cache-control']).toContain('immutable');
    expect(answer.headers['content-type']).toContain('javascript');
  });

  test.each([
    { encoding: 'br', unpack: brotliDecompressSync },
    { encoding: 'gzip', unpack: gunzipSync },
  ])('are compressed with $encoding for who understands it', async ({ encoding, unpack }) => {
    const answer = await get('/assets/index-4f3a2b1c.js', { 'accept-encoding': encoding });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.body.length).toBeLessThan(exampleUiScript.length / 4);
    expect(unpack(answer.body).toString()).toBe(exampleUiScript);
  });

  test('an unknown file is not found, and nothing is posted to files', async () => {
    expect((await get('/assets/other.js')).status).toBe(404);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });

  test.each([
    '/../configuration.db',
    '/..%2fconfiguration.db',
    '/%2e%2e/configuration.db',
    '/%2e%2e%2fsecrets.key',
    '/assets/../../secrets.key',
    '/assets/..%5c..%5csecrets.key',
    '//etc/passwd.txt',
    '/%2fetc%2fpasswd.txt',
    '/....//secrets.key',
    '/secrets.key%00.js',
    '/%c0%ae%c0%ae/secrets.key',
    '/.hidden.js',
    '/%.js',
  ])('nothing outside is served: %s', async (path) => {
    writeFileSync(join(plane.dataDirectory, 'ui/.hidden.js'), 'hidden');
    const answer = await get(path);
    expect([400, 404]).toContain(answer.status);
  });

  test('a link that leads outside does not exist', async () => {
    const outside = join(plane.dataDirectory, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret.txt'), 'outside');
    symlinkSync(outside, join(plane.dataDirectory, 'ui/link'));
    symlinkSync(join(outside, 'secret.txt'), join(plane.dataDirectory, 'ui/secret.txt'));

    for (const path of ['/link/secret.txt', '/secret.txt']) {
      const answer = await get(path);
      expect(answer.body.toString()).not.toContain('outside');
    }
  });
});
