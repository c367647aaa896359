/**
 * Plug and play on the very port of SIP: the daemon listens on all addresses (0.0.0.0:5060), phones
 * register there, and phones ask by multicast to the same port. In a network namespace of its own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** SUBSCRIBEs of one address with a dialog each; prints what comes back; a single one waits for its NOTIFY. */
const flood = `
import { createSocket } from 'node:dgram';
const [source, mac, count] = process.argv.slice(2);
const socket = createSocket('udp4');
socket.on('message', (datagram) => {
  process.stdout.write(datagram);
  if (count === '1' && datagram.toString().startsWith('NOTIFY')) process.exit(0);
});
socket.bind(0, source, async () => {
  socket.setMulticastInterface(source);
  const { port } = socket.address();
  for (let index = 0; index < Number(count); index += 1) {
    const text = [
      'SUBSCRIBE sip:MAC%3a' + mac + '@224.0.1.75 SIP/2.0',
      'Via: SIP/2.0/UDP ' + source + ':' + port + ';branch=z9hG4bK' + index,
      'From: <sip:MAC%3a' + mac + '@224.0.1.75>;tag=abc',
      'To: <sip:MAC%3a' + mac + '@224.0.1.75>',
      'Call-ID: ' + index + '@' + source,
      'CSeq: 1 SUBSCRIBE',
      'Contact: <sip:' + source + ':' + port + '>',
      'Event: ua-profile;profile-type="device";vendor="Yealink";model="SIP-T53W";version="96.86.0.70"',
      'Content-Length: 0',
      '',
      '',
    ].join('\\r\\n');
    await new Promise((sent) => socket.send(text, 5060, '224.0.1.75', sent));
  }
  setTimeout(() => process.exit(0), 1000);
});
`;

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

test('[DEV-031] requests with addresses that lead nowhere, and one address that asks without end, cost nothing and keep no phone away', async () => {
  const openFiles = (): number => readdirSync(`/proc/${String(daemon.pid)}/fd`).length;
  const program = join(folder, 'flood.mjs');
  writeFileSync(program, flood);
  const run = (source: string, count: number): Promise<{ code: number | null; output: string }> =>
    lab.run(phone, process.execPath, [program, source, mac, String(count)]);
  lab.ip(phone, 'address', 'add', '10.99.0.9/32', 'dev', 'eth0');
  const before = openFiles();

  expect(await run('10.99.0.9', 40)).toMatchObject({ code: 0 });
  expect(await run(phoneAddress, 400)).toMatchObject({ code: 0 });

  // Of the address that asks without end some are answered, and no answer is heard.
  expect(openFiles() - before).toBeLessThan(30);
  lab.ip(phone, 'address', 'add', '10.135.0.52/24', 'dev', 'eth0');
  expect((await run('10.135.0.52', 1)).output).toContain(`http://${serverAddress}/prov/`);
}, 60_000);
