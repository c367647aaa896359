/**
 * A scan of a real network: namespaces on one switch with an interface of the PBX, in them programs that
 * speak SIP and HTTP behind hardware addresses of phones.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';
import { NetworkLab } from '../../../../support/network-lab.ts';
import { waitUntil } from '../../../../support/wait-until.ts';

const yealink = '001565aabb05';
const grandstream = '000b82aabb06';
const speaksIpv6 = '001565aabb09';
const softphone = '020000000007';
const computer = '020000000008';
const snom = '000413aabb10';
/** Of no range that any vendor's data names. */
const cisco = '020000000011';
const network = '10.98.7';
const cable = `scan${String(process.pid % 100_000)}`;

interface Found {
  readonly mac: string;
  readonly isKnown: boolean;
  readonly isRejected: boolean;
}

interface Scan {
  readonly outcome: string;
  readonly checked: number;
  readonly total: number;
  readonly found: readonly Found[];
  readonly otherHosts: number;
}

let plane: TestManagementPlane;
let admin: ApiClient;
let lab: NetworkLab;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-scan-'));
  lab = new NetworkLab();
  const lan = lab.addNamespace('lan');
  lab.addSwitch(lan, 'br0');
  const ends = ['type', 'veth', 'peer', 'name', 'pbx', 'netns', lan];
  execFileSync('ip', ['link', 'add', cable, ...ends]);
  lab.ip(lan, 'link', 'set', 'pbx', 'master', 'br0', 'up');
  execFileSync('ip', ['address', 'add', `${network}.1/24`, 'dev', cable]);
  execFileSync('ip', ['link', 'set', cable, 'up']);
  const attach = (label: string, mac: string, host: number): string => {
    const namespace = lab.addNamespace(label);
    const spelled = (mac.match(/../g) ?? []).join(':');
    const address = `${network}.${String(host)}/24`;
    lab.connect(namespace, 'eth0', { namespace: lan, switch: 'br0' }, { mac: spelled, address });
    return namespace;
  };
  const sipHosts = [attach('yealink', yealink, 5), attach('softphone', softphone, 7)] as const;
  startPhone(sipHosts[0]);
  startSoftphone(sipHosts[1]);
  await startWebPage(attach('grandstream', grandstream, 6), 'Grandstream | GXP2170');
  await startWebPage(attach('cisco', cisco, 11), 'Cisco Systems, Inc. IP Phone CP-7841');
  attach('snom', snom, 10);
  attach('computer', computer, 8);
  for (const namespace of sipHosts) {
    await waitUntil(() => Promise.resolve(listensForSip(namespace)), 'the phone listens');
  }

  // As the kernel knows those that have spoken with the PBX.
  for (const address of ['fe80::9', '2001:db8:7::9']) {
    const neighbour = [address, 'lladdr', '00:15:65:aa:bb:09', 'dev', cable, 'nud', 'stale'];
    execFileSync('ip', ['-6', 'neigh', 'replace', ...neighbour]);
  }

  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
}, 60_000);

afterAll(async () => {
  await plane.remove();
  // The cable goes with the namespace of its other end.
  lab.close();
  rmSync(folder, { recursive: true, force: true });
});

function listensForSip(namespace: string): boolean {
  const command = ['netns', 'exec', namespace, 'ss', '-Hlun', 'sport = :5060'];
  return execFileSync('ip', command).length > 0;
}

/** sipp as a phone that names itself. */
function startPhone(namespace: string): void {
  const scenario = join(folder, 'phone.xml');
  const fixture = new URL('../../../../fixtures/sipp/answers-options.xml', import.meta.url);
  const agent = 'Yealink SIP-T46U 108.86.0.20';
  writeFileSync(scenario, readFileSync(fixture, 'utf8').replace('%AGENT%', agent));
  const where = ['-i', `${network}.5`, '-p', '5060'];
  lab.spawn(namespace, 'sipp', ['-sf', scenario, '-nostdin', ...where], { stdio: 'ignore' });
}

/** A phone that is silent by SIP, but has a web page. */
async function startWebPage(namespace: string, title: string): Promise<void> {
  const page = `<html><title>${title}</title></html>`;
  const program = `require('node:http')
    .createServer((request, response) => response.end('${page}'))
    .listen(80, () => console.log('listening'));`;
  const child = lab.spawn(namespace, process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((started) => child.stdout?.once('data', started));
}

function startSoftphone(namespace: string): void {
  const modules = ['module_path /usr/lib/baresip/modules', 'module g711.so'];
  const config = [...modules, `sip_listen ${network}.7:5060`, ''];
  writeFileSync(join(folder, 'config'), config.join('\n'));
  writeFileSync(join(folder, 'accounts'), `<sip:me@${network}.7>;regint=0\n`);
  lab.spawn(namespace, 'baresip', ['-f', folder], { stdio: ['pipe', 'ignore', 'ignore'] });
}

async function scanNow(): Promise<Scan | undefined> {
  const answer = (await admin.expect(200, 'GET', '/devices/scan')) as { scan?: Scan };
  return answer.scan;
}

test('[DEV-052] a scan finds phones by SIP, web page and hardware address, and adds the chosen ones', async () => {
  const before = (await admin.expect(200, 'GET', '/devices/scan')) as { ranges: string[] };
  expect(before).not.toHaveProperty('scan');
  expect(before.ranges).toContain(`${network}.0/24`);

  await admin.expect(201, 'POST', '/devices/scan', { range: `${network}.1-20` });
  expect((await admin.send('POST', '/devices/scan', { range: `${network}.9` })).status).toBe(409);
  const scan = await waitUntil(async () => {
    const now = await scanNow();
    return now?.outcome === 'finished' && now;
  }, 'the scan is finished');

  expect(scan).toMatchObject({ checked: 19, total: 19, otherHosts: 1 });
  expect([...scan.found].sort((a, b) => (a.mac < b.mac ? -1 : 1))).toEqual([
    {
      mac: snom,
      address: `${network}.10`,
      possibleVendors: ['snom', 'snom-m'],
      speaksSip: false,
      isKnown: false,
      isRejected: false,
    },
    {
      mac: grandstream,
      address: `${network}.6`,
      vendor: 'grandstream',
      possibleVendors: [],
      model: 'GXP2170',
      description: 'Grandstream | GXP2170',
      speaksSip: false,
      isKnown: false,
      isRejected: false,
    },
    {
      mac: yealink,
      address: `${network}.5`,
      vendor: 'yealink',
      possibleVendors: [],
      model: 'T46U',
      firmware: '108.86.0.20',
      description: 'Yealink SIP-T46U 108.86.0.20',
      speaksSip: true,
      isKnown: false,
      isRejected: false,
    },
    {
      mac: speaksIpv6,
      address: '2001:db8:7::9',
      vendor: 'yealink',
      possibleVendors: [],
      speaksSip: false,
      isKnown: false,
      isRejected: false,
    },
    expect.objectContaining({ mac: softphone, speaksSip: true, isKnown: false }) as Found,
    expect.objectContaining({ mac: cisco, vendor: 'cisco-mpp', model: '7841' }) as Found,
  ]);

  await admin.expect(200, 'POST', '/devices/reject', { macs: [yealink] });
  const rejected = (await scanNow())?.found.filter(({ isRejected }) => isRejected);
  expect(rejected).toMatchObject([{ mac: yealink, isKnown: false }]);
  const refused = await admin.send('POST', '/devices/scan/add', { macs: [yealink, grandstream] });
  const issues = [{ path: yealink, code: 'rejected' }];
  expect(refused).toMatchObject({ status: 409, body: { issues } });
  await admin.expect(200, 'POST', '/rejected-devices/allow', { macs: [yealink] });

  const added = await admin.send('POST', '/devices/scan/add', { macs: [yealink, grandstream] });
  expect(added).toMatchObject({ status: 201, body: { macs: [yealink, grandstream] } });
  expect(await admin.expect(200, 'GET', `/devices/${yealink}`)).toMatchObject({
    vendor: 'yealink',
    model: 'SIP-T46U',
    address: `${network}.5`,
    announcedUntil: expect.any(String) as string,
  });
  const known = (await scanNow())?.found.filter(({ isKnown }) => isKnown).map(({ mac }) => mac);
  expect(known?.sort()).toEqual([grandstream, yealink].sort());
  await admin.expect(404, 'POST', '/devices/scan/add', { macs: [computer] });
  expect((await admin.send('POST', '/devices/scan/add', { macs: [yealink] })).status).toBe(409);
});

test('a scan is cancelled at once and keeps what it found; foreign and large ranges are refused', async () => {
  await admin.expect(201, 'POST', '/devices/scan', { range: `${network}.0/24` });
  await waitUntil(
    async () => ((await scanNow())?.checked ?? 0) > 0,
    'the first addresses are asked',
  );
  await admin.expect(204, 'DELETE', '/devices/scan');

  const scan = await scanNow();
  expect(scan?.outcome).toBe('cancelled');
  expect(scan?.checked).toBeLessThan(scan?.total ?? 0);
  expect(scan?.found.map(({ mac }) => mac)).toContain(yealink);
  for (const range of ['8.8.8.8', `${network}.0/16`, `${network}.9-5`, 'x; rm -rf /']) {
    const refused = await admin.send('POST', '/devices/scan', { range });
    expect(refused.status, range).toBe(422);
    expect(refused.body).toMatchObject({ issues: [{ path: 'range' }] });
  }
});
