/** Connect: the page of a phone that stands in a network of its own, a real web server. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../support/management-plane/management-plane.ts';
import { NetworkLab } from '../../../support/network-lab.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const mac = '001565aabb01';
const anyVersion = { 'if-match': '*' };
/** A network of this process alone. */
const network = `10.231.${String(process.pid % 250)}`;
const phone = `${network}.2`;
const cable = `cmpc${String(process.pid)}`;

let lab: NetworkLab;
let folder: string;
let plane: TestManagementPlane;
let admin: ApiClient;
let userId: string;

beforeAll(async () => {
  lab = new NetworkLab();
  const namespace = lab.addNamespace('phone');
  execFileSync('ip', [
    'link',
    'add',
    cable,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    namespace,
  ]);
  execFileSync('ip', ['address', 'add', `${network}.1/24`, 'dev', cable]);
  execFileSync('ip', ['link', 'set', cable, 'up']);
  lab.ip(namespace, 'address', 'add', `${phone}/24`, 'dev', 'eth0');
  lab.ip(namespace, 'link', 'set', 'eth0', 'up');
  folder = mkdtempSync(join(tmpdir(), 'campanile-phone-'));
  mkdirSync(join(folder, 'cgi-bin'));
  writeFileSync(join(folder, 'index.html'), '<title>Yealink T53W</title>');
  script('login', [
    "printf 'Set-Cookie: JSESSIONID=abc; Path=/; HttpOnly\\r\\n'",
    "printf 'Set-Cookie: language=en; Domain=example.org\\r\\n'",
    "printf 'Set-Cookie: __Host-campanile_session=stolen; Path=/; Secure\\r\\n'",
    'printf \'Strict-Transport-Security: max-age=99\\r\\nClear-Site-Data: "cookies"\\r\\n\'',
    "printf 'Access-Control-Allow-Origin: *\\r\\nContent-Type: text/plain\\r\\n\\r\\nin'",
  ]);
  script('echo', [
    "printf 'Content-Type: text/plain\\r\\n\\r\\n'",
    'echo "method=$REQUEST_METHOD host=$HTTP_HOST cookie=$HTTP_COOKIE referer=$HTTP_REFERER"',
    'cat',
  ]);
  script('home', [
    `printf 'Status: 302 Found\\r\\nLocation: http://${phone}/index.html\\r\\n\\r\\n'`,
  ]);
  script('away', ["printf 'Status: 302 Found\\r\\nLocation: http://127.0.0.1:5060/x\\r\\n\\r\\n'"]);
  script('strange', ["printf 'X-Model: T53W\\r\\nX-Strange: a\\001b\\r\\n\\r\\npage'"]);
  script('none', ["printf 'HTTP/1.1 000 Strange\\r\\nContent-Length: 0\\r\\n\\r\\n'"]);
  script('switch', [
    "printf 'HTTP/1.1 101 Switching\\r\\nUpgrade: x\\r\\nConnection: upgrade\\r\\n\\r\\n'",
  ]);
  lab.spawn(namespace, 'busybox', ['httpd', '-f', '-p', '80', '-h', folder]);
  await waitUntil(async () => {
    const url = `http://${phone}/`;
    return (await lab.run(namespace, 'busybox', ['wget', '-q', '-O', '-', url])).code === 0;
  }, 'the page of the phone is there');
});

afterAll(() => {
  lab.close();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, lines: readonly string[]): void {
  const path = join(folder, 'cgi-bin', name);
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '100',
  })) as { user: { id: string } };
  userId = user.id;
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [userId] });
  await admin.expect(200, 'PATCH', '/device-access', { connectEnabled: true }, anyVersion);
});

afterEach(async () => {
  await plane.remove();
});

async function register(remoteAddress: string): Promise<void> {
  const binding = exampleBinding(userId, { remoteAddress, userAgent: `Yealink SIP-T53W ${mac}` });
  plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
  await expect.poll(() => admin.expect(200, 'GET', '/registrations')).toMatchObject({ total: 1 });
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A browser that keeps the cookies it is given. */
class Browser {
  readonly cookies = new Map<string, string>([['__Host-campanile_session', 'of-wms']]);
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  async fetch(
    path: string,
    options: { readonly method?: string; readonly body?: string; readonly headers?: object } = {},
  ): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method: options.method ?? 'GET',
          rejectUnauthorized: false,
          headers: {
            cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            ...options.headers,
          },
        },
        (incoming) => {
          let body = '';
          incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
          incoming.on('end', () => {
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(options.body);
    });
    for (const line of (answer.headers['set-cookie'] ?? []) as string[]) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=');
      this.cookies.set(name, value);
    }
    return answer;
  }
}

async function open(): Promise<{ browser: Browser; path: string }> {
  await register(phone);
  const { port, path } = (await admin.expect(200, 'POST', `/devices/${mac}/connect`, {})) as {
    port: number;
    path: string;
  };
  return { browser: new Browser(port), path };
}

describe('[DEV-020] Connect', () => {
  test('shows the page of the device to the browser that has the ticket, once', async () => {
    const { browser, path } = await open();
    const stranger = new Browser(browser.port);
    expect((await stranger.fetch('/')).status).toBe(403);

    const entry = await browser.fetch(path);
    expect(entry).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(entry.headers['set-cookie']?.[0]).toMatch(
      /^__Host-campanile-connect-\d+=\S+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await browser.fetch('/')).body).toBe('<title>Yealink T53W</title>');

    // The ticket is used up, and the stranger knows nothing else.
    expect((await stranger.fetch(path)).status).toBe(403);
    expect((await stranger.fetch('/')).status).toBe(403);
  });

  test('keeps the cookies of WMS and of the device apart', async () => {
    const { browser, path } = await open();
    await browser.fetch(path);

    const login = await browser.fetch('/cgi-bin/login');
    expect(login.headers['set-cookie']).toEqual(['language=en; Path=/; Secure; SameSite=Strict']);
    expect(browser.cookies.get('__Host-campanile_session')).toBe('of-wms');

    const echo = await browser.fetch('/cgi-bin/echo', {
      method: 'POST',
      body: 'a=1',
      headers: { referer: `https://127.0.0.1:${String(browser.port)}/cgi-bin/login` },
    });
    expect(echo.body).toContain(`method=POST host=${phone} `);
    expect(echo.body).toContain('JSESSIONID=abc');
    expect(echo.body).toContain('language=en');
    expect(echo.body).toContain(`referer=http://${phone}/cgi-bin/login`);
    expect(echo.body).toContain('a=1');
    expect(echo.body).not.toContain('of-wms');
    expect(echo.body).not.toContain('connect-');
  });

  test('lets the page say nothing about the host that WMS shares with it', async () => {
    const { browser, path } = await open();
    await browser.fetch(path);

    const { headers } = await browser.fetch('/cgi-bin/login');

    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('clear-site-data');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self' .*form-action 'self'/);
    const worker = await browser.fetch('/sw.js', { headers: { 'service-worker': 'script' } });
    expect(worker.status).toBe(403);
    const fromWms = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' };
    expect((await browser.fetch('/', { headers: fromWms })).status).toBe(403);
  });

  test('follows the device on its own page, and nowhere else', async () => {
    const { browser, path } = await open();
    await browser.fetch(path);

    const home = await browser.fetch('/cgi-bin/home');
    const away = await browser.fetch('/cgi-bin/away');

    expect(home).toMatchObject({ status: 302, headers: { location: '/index.html' } });
    expect(away).toMatchObject({ status: 502 });
    expect(away.body).toContain('127.0.0.1:5060');
    expect(away.headers).not.toHaveProperty('location');
  });

  test('outlives a device whose answers are no HTTP, and passes on what is', async () => {
    const { browser, path } = await open();
    await browser.fetch(path);

    const strange = await browser.fetch('/cgi-bin/strange');
    expect(strange).toMatchObject({ status: 200, headers: { 'x-model': 'T53W' }, body: 'page' });
    expect(strange.headers).not.toHaveProperty('x-strange');
    expect((await browser.fetch('/cgi-bin/none')).status).toBe(502);
    expect((await browser.fetch('/cgi-bin/switch')).status).toBe(502);

    expect((await browser.fetch('/')).body).toBe('<title>Yealink T53W</title>');
    await admin.expect(200, 'GET', '/session');
  });

  test('is shut by the administrator, by turning it off, and says so in the audit trail', async () => {
    const { browser, path } = await open();
    await browser.fetch(path);
    expect(await admin.expect(200, 'GET', `/devices/${mac}/connect`)).toMatchObject({
      isOpen: true,
      openedBy: expect.any(String) as string,
    });

    await admin.expect(204, 'DELETE', `/devices/${mac}/connect`);
    await expect(browser.fetch('/')).rejects.toThrow();

    const again = await open();
    await admin.expect(200, 'PATCH', '/device-access', { connectEnabled: false }, anyVersion);
    await expect(again.browser.fetch(again.path)).rejects.toThrow();
    const { items } = (await admin.expect(200, 'GET', `/audit?search=${mac}`)) as {
      items: { action: string }[];
    };
    expect(items.map(({ action }) => action).sort()).toMatchObject([
      'device-connect-closed',
      'device-connect-closed',
      'device-connect-opened',
      'device-connect-opened',
    ]);
  });

  test.each([
    ['the PBX itself', `${network}.1`, 'own-address'],
    ['loopback', '127.0.0.2', 'not-private'],
    ['a network elsewhere', '198.51.100.7', 'not-private'],
  ])('does not reach %s', async (_title, address, obstacle) => {
    await register(address);

    const refused = await admin.send('POST', `/devices/${mac}/connect`, {});

    expect(refused.status).toBe(409);
    expect(await admin.expect(200, 'GET', `/devices/${mac}/connect`)).toMatchObject({
      isOpen: false,
      obstacle,
    });
  });
});
