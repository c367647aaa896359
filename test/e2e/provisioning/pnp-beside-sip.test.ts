/**
 * Plug and play on the very port of SIP: the daemon listens on all addresses (0.0.0.0:5060), phones
 * register there, and phones ask by multicast to the same port. In a network namespace of its own.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { TestManagementPlane } from '../../support/management-plane/management-plane.ts';
import { NetworkLab } from '../../support/network-lab.ts';

const mac = '805ec0aabb01';
const serverAddress = '10.135.0.1';
const phoneAddress = '10.135.0.51';
const sipPassword = 'Zq9-register-101';

let lab: NetworkLab;
let daemon: TestDaemon;
let phone: string;
let folder: string;

beforeAll(async () => {
  lab = new NetworkLab();
  folder = mkdtempSync(join(tmpdir(), 'campanile-pnp-'));
  const server = lab.addNamespace('server');
  lab.addSwitch(server, 'lan1', `${serverAddress}/24`);
  phone = lab.addNamespace('phone');
  const lan = { namespace: server, switch: 'lan1' };
  lab.connect(phone, 'eth0', lan, { address: `${phoneAddress}/24` });
  lab.ip(phone, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0');
  daemon = await startDaemon({
    prefix: ['ip', 'netns', 'exec', server],
    settings: { listenAddresses: ['0.0.0.0'], sipPort: 5060, httpsPort: 443, httpPort: 80 },
    prepare: configure,
  });
}, 60_000);

afterAll(async () => {
  await daemon.remove();
  lab.close();
  rmSync(folder, { recursive: true, force: true });
});

async function configure(dataDirectory: string): Promise<void> {
  const plane = await TestManagementPlane.start({ dataDirectory });
  const admin = new ApiClient(plane);
  await admin.firstLogin();
  const passwords = { sip: { value: sipPassword } };
  await admin.expect(201, 'POST', '/users', { name: 'Anna', extension: '101', passwords });
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
  await admin.expect(
    200,
    'PATCH',
    '/provisioning/settings',
    { httpEnabled: true, pnpEnabled: true },
    { 'if-match': '*' },
  );
  await plane.stop();
}

interface Ended {
  readonly code: number | null;
  readonly messages: string;
}

/** sipp on the phone; resolves with everything that was said. */
async function runSipp(
  scenario: string,
  target: string,
  port: number,
  calls: number,
  values: Readonly<Record<string, string>>,
): Promise<Ended> {
  const source = resolve(import.meta.dirname, `../../fixtures/sipp/${scenario}.xml`);
  const file = join(folder, `${scenario}.xml`);
  const messages = join(folder, `${scenario}.messages`);
  const text = readFileSync(source, 'utf8').replaceAll(
    /%([A-Z_]+)%/g,
    (written, name: string) => values[name] ?? written,
  );
  writeFileSync(file, text);
  const { code, output } = await lab.run(phone, 'sipp', [
    ...[target, '-sf', file, '-m', String(calls), '-r', '20', '-i', phoneAddress],
    ...['-p', String(port), '-au', '101', '-ap', sipPassword, '-timeout', '15', '-timeout_error'],
    ...['-nostdin', '-nd', '-trace_msg', '-message_file', messages],
  ]);
  return { code, messages: `${output}\n${readFileSync(messages, 'utf8')}` };
}

test('[DEV-031] a phone is told by multicast on port 5060 of all addresses while others register there', async () => {
  const [registered, asked] = await Promise.all([
    runSipp('register', `${serverAddress}:5060`, 5070, 40, { USER: '101', STATUS: '200' }),
    runSipp('asks-by-multicast', '224.0.1.75:5060', 5080, 1, { MAC: mac }),
  ]);

  expect(registered).toMatchObject({ code: 0 });
  expect(asked).toMatchObject({ code: 0 });
  // From the server for provisioning alone: SIP itself hears nothing of the group.
  expect(asked.messages.match(/SIP\/2\.0 [3-6]\d\d /g)).toBeNull();
  expect(asked.messages).toContain(`http://${serverAddress}/prov/`);
  expect(daemon.log.join('\n')).not.toContain('Plug and play does not work');
}, 60_000);
