/** The daemon as a program: stopping, refusing to start, standing beside another one. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { CallScene } from '../../support/daemon/call-scene.ts';
import { runDaemonToEnd, startDaemon } from '../../support/daemon/daemon.ts';
import { findFreePorts } from '../../support/daemon/free-ports.ts';

const scenes: CallScene[] = [];

afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()));
});

async function openScene(): Promise<CallScene> {
  const scene = await CallScene.open({ users: 6, settings: { mediaPolicy: 'anchored' } });
  scenes.push(scene);
  return scene;
}

describe('an ordered stop', () => {
  it('tells both phones of a call and the caller of a ringing one, and ends with status 0', async () => {
    const scene = await openScene();
    const [caller, callee, hopeful, ringing] = [
      scene.takeUser(),
      scene.takeUser(),
      scene.takeUser(),
      scene.takeUser(),
    ];
    const reason = { REASON: 'Q.850;cause=41' };
    const talking = [
      await scene.answerAs(callee, 'callee-is-hung-up-on', { values: reason }),
      await scene.start(caller, 'caller-hung-up', { values: { TARGET: callee, ...reason } }),
    ];
    const rung = await scene.answerAs(ringing, 'callee-is-cancelled', {
      values: { SILENT_MS: '0', ...reason },
    });
    const hoping = await scene.start(hopeful, 'caller-refused', {
      values: { TARGET: ringing, STATUS: '503', ...reason },
    });
    await scene.activeCall(caller);
    await scene.activeCall(hopeful, ({ state }) => state === 'ringing');

    expect(await scene.daemon.stop()).toBe(0);
    await Promise.all([...talking, hoping].map((sipp) => sipp.succeeded()));
    // It has its ACK: the daemon waits for the phones.
    await rung.succeeded();

    await scene.daemon.start();
    await scene.logInAgain();
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'system',
    });
    expect(await scene.recordOf(hopeful)).toMatchObject({ outcome: 'failed', sipStatus: 503 });
  });
});

describe('two daemons', () => {
  it('[SIP-024] serve phones beside each other', async () => {
    const both = await Promise.all([openScene(), openScene()]);
    await Promise.all(
      both.map(async (scene) => {
        const [caller, callee] = [scene.takeUser(), scene.takeUser()];
        const phone = await scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '0' } });
        await scene.call(caller, callee, 'caller-talks', { values: { TALK_MS: '0' } });
        await phone.succeeded();
        expect(await scene.recordOf(caller)).toMatchObject({ outcome: 'answered' });
      }),
    );
  });

  it('say at once that a data directory cannot be made', async () => {
    for (const directory of ['/proc/none', '/dev/null/data']) {
      const { status, output } = await runDaemonToEnd(directory, {});
      expect(status).toBe(1);
      expect(output).toContain(`Cannot use ${directory} as data directory: `);
    }
  });

  it('do not share a data directory, nor ports', async () => {
    const scene = await openScene();
    const { dataDirectory, sipPort } = scene.daemon;
    const inUse = await runDaemonToEnd(dataDirectory, {});
    expect(inUse.status).toBe(1);
    expect(inUse.output).toContain(`Another daemon uses ${dataDirectory}.`);

    const other = `${dataDirectory}/other`;
    const [sipTlsPort = 0, httpsPort = 0, httpPort = 0] = await findFreePorts(3);
    const taken = await runDaemonToEnd(other, {
      CAMPANILE_LISTEN_ADDRESSES: '127.0.0.1',
      CAMPANILE_SIP_PORT: String(sipPort),
      CAMPANILE_SIP_TLS_PORT: String(sipTlsPort),
      CAMPANILE_HTTPS_PORT: String(httpsPort),
      CAMPANILE_HTTP_PORT: String(httpPort),
    });
    expect(taken.status).toBe(1);
    // One sentence that names address and port, no stack.
    expect(taken.output).toMatch(new RegExp(`^.*127\\.0\\.0\\.1.*${String(sipPort)}.*$`, 'm'));
    expect(taken.output).not.toMatch(/^\s+at /m);
    // The first one has noticed nothing.
    expect((await scene.api.send('GET', '/session')).status).toBe(200);
  });
});

it('the addresses are told when a port that was taken for WMS is free at last', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  const daemon = await startDaemon({
    settings: { httpsPort: port },
    onLine: (line) => {
      if (line.startsWith('WMS does not start: ')) {
        blocker.close();
      }
    },
  });
  onTestFinished(() => daemon.remove());

  expect(daemon.log).toContain('It is tried again until it does.');
  expect(daemon.log).toContainEqual(expect.stringMatching(/is running\.$/));
});

describe('boot settings', () => {
  it('that nobody knows are refused with the nearest known name, before anything is made', async () => {
    const dataDirectory = `/nonexistent/campanile-${String(process.pid)}`;
    const { status, output } = await runDaemonToEnd(dataDirectory, { CAMPANILE_SIP_PROT: '5070' });
    expect(status).toBe(1);
    expect(output).toContain('CAMPANILE_SIP_PROT');
    expect(output).toContain('CAMPANILE_SIP_PORT');
    expect(existsSync(dataDirectory)).toBe(false);
  });

  it('of the command line that nobody knows are refused with the usage', async () => {
    const { status, output } = await runDaemonToEnd('/nonexistent', {}, ['--no-such-option']);
    expect(status).toBe(1);
    expect(output).toContain('Usage: npm start');
  });

  it('are refused by `npm start` before it sets anything up', () => {
    // A Node of this test's own would be fetched, compiled and built for otherwise.
    const start = join(import.meta.dirname, '../../../scripts/start.js');
    const { status, stderr, stdout } = spawnSync(process.execPath, [start, '--no-such-option'], {
      encoding: 'utf8',
      env: { PATH: '' },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('--no-such-option');
    expect(stderr).toContain('Usage: npm start');
    expect(stdout).toBe('');
  });
});
