/** Our FTP server with clients that mean no good. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../support/daemon/free-ports.ts';
import { FtpPeer } from '../../../support/provisioning/ftp-peer.ts';
import { curlFtp, FtpSite, statusOf } from '../../../support/provisioning/ftp-site.ts';
import { waitUntil } from '../../../support/wait-until.ts';

let site: FtpSite;

beforeEach(async () => {
  site = new FtpSite();
  await site.start();
});

afterEach(async () => {
  await site.close();
});

describe('clients that mean no good', () => {
  it('PORT and EPRT lead nowhere but to the client itself, and to no site.port of a system', async () => {
    const peer = await FtpPeer.connect(site.port);
    await peer.logIn();
    for (const line of [
      'PORT 192,0,2,1,200,10',
      'EPRT |1|192.0.2.1|51200|',
      'PORT 127,0,0,1,0,22',
      'PORT 127,0,0,2,200,10',
      'EPRT |2|::1|51200|',
    ]) {
      expect((await peer.say(line)).slice(0, 3), line).toBe('504');
    }
    expect(await peer.say('PORT 1,2,3')).toMatch(/^501/);
    expect(await peer.say('RETR a.cfg')).toMatch(/^425/);
    peer.close();
  });

  it('a stranger on the site.port for data gets nothing', async () => {
    site.files.set('/a.cfg', Buffer.from('secret'));
    const peer = await FtpPeer.connect(site.port);
    await peer.logIn();
    const data = await peer.passive();
    const stranger = connect({ host: '127.0.0.1', port: data, localAddress: '127.0.0.9' });
    let received = '';
    stranger.on('data', (chunk) => {
      received += chunk.toString();
    });
    stranger.on('error', () => undefined);
    await once(stranger, 'close');
    expect(received).toBe('');
    expect(site.happened).toContainEqual({ kind: 'stranger', address: '127.0.0.9' });

    const own = connect({ host: '127.0.0.1', port: data });
    own.on('data', (chunk) => {
      received += chunk.toString();
    });
    expect(await peer.say('RETR a.cfg')).toMatch(/^150/);
    expect(await peer.reply()).toMatch(/^226/);
    await waitUntil(() => received === 'secret', 'the client has the file');
    peer.close();
  });

  it('without a free site.port a client is told to try again, and a site.port given up is free again', async () => {
    const [only = 0] = await findFreePorts(1);
    site.range = { first: only, last: only };
    const [one, other] = await Promise.all([
      FtpPeer.connect(site.port),
      FtpPeer.connect(site.port),
    ]);
    await Promise.all([one.logIn(), other.logIn()]);

    expect(await one.passive()).toBe(only);
    expect(await other.say('PASV')).toMatch(/^425/);
    expect(site.happened).toContainEqual({ kind: 'no-port' });
    expect(await one.say('QUIT')).toMatch(/^221/);
    await waitUntil(
      async () => (await other.say('EPSV')).startsWith('229'),
      'the site.port is free again',
    );
    other.close();
  });

  it('clients that hang are let go: silent, without a data connection, reading nothing', async () => {
    await site.start({ idleMs: 1_200, stallMs: 400 });
    site.files.set('/image.ld', randomBytes(20_000_000));
    const silent = await FtpPeer.connect(site.port);
    const lazy = await FtpPeer.connect(site.port);
    await lazy.logIn();

    await lazy.passive();
    expect(await lazy.say('RETR image.ld')).toMatch(/^150/);
    expect(await lazy.reply()).toMatch(/^425/);

    const data = connect({ host: '127.0.0.1', port: await lazy.passive() });
    data.on('error', () => undefined);
    data.pause();
    expect(await lazy.say('RETR image.ld')).toMatch(/^150/);
    expect(await lazy.reply()).toMatch(/^426/);
    expect(site.happened).toContainEqual(
      expect.objectContaining({ kind: 'transfer', outcome: 'stalled' }),
    );

    expect(await silent.reply()).toMatch(/^421/);
    expect(await lazy.reply()).toMatch(/^421/);
    await waitUntil(() => site.server?.sessionCount === 0, 'both have gone');
    data.destroy();
  });

  it('ABOR ends a transfer, and the session goes on', async () => {
    site.files.set('/image.ld', randomBytes(20_000_000));
    const peer = await FtpPeer.connect(site.port);
    await peer.logIn();
    const data = connect({ host: '127.0.0.1', port: await peer.passive() });
    data.on('error', () => undefined);
    data.pause();
    expect(await peer.say('RETR image.ld')).toMatch(/^150/);
    // As RFC 959 §3.4.1 has it, with Telnet's interrupt and synch in front.
    peer.socket.write(Buffer.from('fff4fff2', 'hex'));
    expect(await peer.say('ABOR')).toMatch(/^426/);
    expect(await peer.reply()).toMatch(/^226/);
    expect(await peer.say('NOOP')).toMatch(/^200/);
    data.destroy();
    peer.close();
  });

  it('uploads that are too long, and the fifth at once, are refused', async () => {
    writeFileSync(join(site.folder, 'long'), Buffer.alloc(1_000_001));
    expect(
      await statusOf(curlFtp('--upload-file', join(site.folder, 'long'), site.url('logs/a'))),
    ).not.toBe(0);
    expect(site.files.size).toBe(0);
    const peers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const peer = await FtpPeer.connect(site.port);
        await peer.logIn();
        const data = connect({ host: '127.0.0.1', port: await peer.passive() });
        data.on('error', () => undefined);
        return { peer, data };
      }),
    );
    const replies: string[] = [];
    for (const { peer } of peers) {
      replies.push((await peer.say('STOR logs/a')).slice(0, 3));
    }
    expect(replies).toEqual(['150', '150', '150', '150', '450']);
    for (const { peer, data } of peers) {
      data.destroy();
      peer.close();
    }
  });

  it('wrong passwords end the session at the third, and shut the address out at the tenth', async () => {
    const tries: string[] = [];
    for (let session = 0; session < 4; session += 1) {
      const peer = await FtpPeer.connect(site.port);
      for (let attempt = 0; attempt < 3 && !peer.hasEnded; attempt += 1) {
        tries.push((await peer.logIn('PlcmSpIp', 'wrong')).slice(0, 3));
      }
      peer.close();
    }
    expect(tries.slice(0, 9)).toEqual([
      '530',
      '530',
      '421',
      '530',
      '530',
      '421',
      '530',
      '530',
      '421',
    ]);
    expect(site.happened.filter(({ kind }) => kind === 'blocked')).toHaveLength(1);
    expect(await statusOf(curlFtp(site.url('a.cfg')))).not.toBe(0);
    site.server?.forgive();
    const peer = await FtpPeer.connect(site.port);
    expect(await peer.logIn()).toMatch(/^230/);
    peer.close();
  });

  it('hostile bytes are answered or dropped, and others are served all the while', async () => {
    site.files.set('/a.cfg', Buffer.from('fine'));
    const hostile = [
      Buffer.alloc(2_000_000, 0x41),
      Buffer.from('\n'.repeat(20_000)),
      randomBytes(100_000),
      Buffer.from(`USER ${'x'.repeat(900)}\r\nPASS \u0000\r\n`.repeat(500)),
      Buffer.alloc(50_000, 0xff),
      Buffer.from('USER PlcmSpIp\r\nPASS PlcmSpIp\r\n'.concat('EPSV\r\n'.repeat(3_000))),
    ];
    const peers = await Promise.all(
      hostile.map(async (bytes) => {
        const socket = connect({ host: '127.0.0.1', port: site.port });
        socket.on('error', () => undefined);
        // One reads nothing of what it is told.
        if (bytes.length !== 20_000) {
          socket.resume();
        }
        await once(socket, 'connect');
        socket.write(bytes);
        return socket;
      }),
    );
    expect((await curlFtp(site.url('a.cfg'))).stdout).toBe('fine');
    peers.forEach((socket) => socket.destroy());
    await waitUntil(() => site.server?.sessionCount === 0, 'the hostile are gone');
  });

  it('a closed site.server leaves nothing open', async () => {
    site.files.set('/image.ld', randomBytes(20_000_000));
    const peer = await FtpPeer.connect(site.port);
    await peer.logIn();
    const data = await peer.passive();
    await site.server?.close();
    expect(await peer.reply()).toMatch(/^421/);
    const listener = createServer();
    listener.listen(data, '127.0.0.1');
    await once(listener, 'listening');
    listener.close();
  });
});
