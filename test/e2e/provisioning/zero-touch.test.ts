/**
 * A factory-new phone on the wire: it gets an address from our DHCP server, finds its files by the
 * option it knows, and has its account, without a step on the phone. The whole daemon runs in a
 * network namespace on its real ports.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { Udhcpc } from '../../support/provisioning/dhcp-peers.ts';
import { TestManagementPlane } from '../../support/management-plane/management-plane.ts';
import { NetworkLab } from '../../support/network-lab.ts';

const mac = '805ec0aabb01';
const macOfNortel = '80177daabb02';
const serverAddress = '10.135.0.1';

let lab: NetworkLab;
let daemon: TestDaemon;
let phone: string;
let nortel: string;
let folder: string;

beforeAll(async () => {
  lab = new NetworkLab();
  folder = mkdtempSync(join(tmpdir(), 'campanile-zero-touch-'));
  const server = lab.addNamespace('server');
  lab.addSwitch(server, 'lan1', `${serverAddress}/24`);
  phone = lab.addNamespace('phone');
  lab.connect(phone, 'eth0', { namespace: server, switch: 'lan1' }, { mac: '80:5e:c0:aa:bb:01' });
  nortel = lab.addNamespace('nortel');
  lab.connect(nortel, 'eth0', { namespace: server, switch: 'lan1' }, { mac: '80:17:7d:aa:bb:02' });
  daemon = await startDaemon({
    prefix: ['ip', 'netns', 'exec', server],
    settings: {
      listenAddresses: [serverAddress],
      sipPort: 5060,
      httpsPort: 443,
      httpPort: 80,
    },
    prepare: configure,
  });
}, 60_000);

afterAll(async () => {
  await daemon.remove();
  lab.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What an administrator would have set in WMS. */
async function configure(dataDirectory: string): Promise<void> {
  const plane = await TestManagementPlane.start({ dataDirectory });
  const admin = new ApiClient(plane);
  const anyVersion = { 'if-match': '*' };
  await admin.firstLogin();
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '100',
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [user.id] });
  await admin.expect(201, 'POST', '/devices', { macs: [macOfNortel], lines: [user.id] });
  const exception = { tftpException: true, vendor: 'nortel' };
  await admin.expect(200, 'PATCH', `/devices/${macOfNortel}`, exception, anyVersion);
  const enabled = { httpEnabled: true, tftpEnabled: true, pnpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', enabled, anyVersion);
  const name = 'lan1';
  await admin.expect(
    200,
    'PATCH',
    '/dhcp/settings',
    {
      interfaces: [{ name, address: serverAddress, isEnabled: true, isAllowedBesideOthers: true }],
      subnets: [
        {
          subnet: '10.135.0.0/24',
          ranges: [{ first: '10.135.0.100', last: '10.135.0.199' }],
          ntpServers: [serverAddress],
        },
      ],
    },
    anyVersion,
  );
  await plane.stop();
}

const fetchFrom = async (url: string, from = phone): Promise<string> => {
  const { output } = await lab.run(from, 'curl', ['--silent', '--insecure', '--fail', url]);
  return output;
};

test('[DEV-030] [DEV-039] [NET-004] [DEV-033] [DEV-034] a phone gets its address, finds its files and has its account', async () => {
  const client = new Udhcpc(lab, phone, folder, { vendorClass: 'yealink', ask: [43, 160, 42] });
  const { variables } = await client.take('bound');

  expect(variables['ip']).toMatch(/^10\.135\.0\.1\d\d$/);
  expect(variables['ntpsrv']).toBe(serverAddress);
  // BusyBox takes 66 for a host name and shows no URL; 43 is what Yealink reads next.
  const url = Buffer.from(variables['opt43'] ?? '', 'hex').toString();
  expect(url).toBe(`http://${serverAddress}/prov/`);
  expect(variables['opt160']).toBe(variables['opt43']);

  const bootstrap = await fetchFrom(`${url}${mac}.cfg`);
  const secret = /server\.url = (https:\S+)/.exec(bootstrap)?.[1] ?? '';
  expect(secret).toMatch(/^https:\/\/10\.135\.0\.1\/prov\/[0-9a-f]{40}\/$/);
  const file = await fetchFrom(`${secret}${mac}.cfg`);
  expect(file).toContain('account.1.user_name = 100');
  expect(file).toContain(`account.1.sip_server.1.address = ${serverAddress}`);

  const byTftp = await fetchFrom(`tftp://${serverAddress}/${mac}.cfg`);
  expect(byTftp).toMatch(/server\.url = https:/);
  expect(daemon.log.join('\n')).not.toContain(secret.split('/')[4]);
  await client.stop();
}, 60_000);

test('[DEV-050] a Nortel 1140E, which begins with a file of its model by TFTP, is known by its hardware address', async () => {
  const client = new Udhcpc(lab, nortel, folder, { vendorClass: 'Nortel-SIP-Phone-A', ask: [66] });
  const { variables } = await client.take('bound');
  const url = `tftp://${variables['tftp'] ?? ''}/`;
  expect(url).toBe(`tftp://${serverAddress}/`);

  const common = await fetchFrom(`${url}1140eSIP.cfg`, nortel);
  expect(common).toContain('[USER_CONFIG]\nDOWNLOAD_MODE FORCED');
  const file = await fetchFrom(`${url}SIP${macOfNortel.toUpperCase()}.cfg`, nortel);
  expect(file).toContain(`AUTOLOGIN_ID_KEY01 100@${serverAddress}`);
  expect(file).toMatch(/AUTOLOGIN_PASSWD_KEY01 \S{8}/);
  expect(file).not.toMatch(/^.{81}/m);
  expect(await fetchFrom(`${url}SIP${macOfNortel.toUpperCase()}.fk`, nortel)).not.toContain(
    '[key]',
  );
  await client.stop();
}, 60_000);
