/** Wildix adapters and gateways: they appear by themselves, are edited together, synced, and fetch what was set. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;

const anyVersion = { 'if-match': '*' };

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});

afterEach(async () => {
  await plane.remove();
});

/** As reported, as listed, kind, has a SIP firewall, has SNMP, knows tones, ports with an account each. */
const models = [
  ['W01FXS', 'W01FXS', 'adapter', false, false, true, 1],
  ['W24FXSR2', 'W24FXS', 'adapter', false, false, true, 24],
  ['W04FXO', 'W04FXO', 'gateway', true, false, true, 1],
  ['W02BRI', 'W02BRI', 'gateway', true, true, false, 1],
  ['W01PRI', 'W01PRI', 'gateway', true, true, false, 1],
  ['W01GSM', 'W01GSM', 'gateway', true, false, false, 1],
  ['W-PA', 'W-PA', 'paging', true, true, false, 1],
] as const;
/** Nobody knows these before they ask. */
const strangers: ReadonlySet<string> = new Set(['W24FXSR2', 'W02BRI', 'W-PA']);
const macs = models.map((_, index) => `9c7514aabb${index.toString(16).padStart(2, '0')}`);
const agentOf = (index: number): string => `Wildix ${models[index]?.[0] ?? ''} 1.4.20`;

async function fetchFrom(url: string, index: number): Promise<string> {
  const name = `${macs[index]?.toUpperCase() ?? ''}.cfg`;
  const { status, body } = await curl(url + name, { userAgent: agentOf(index) });
  expect(status, name).toBe(200);
  return body;
}

const nextUrl = (body: string): string =>
  /^Config\.Autoprovision\.GENERAL\.Url = (\S+)$/m.exec(body)?.[1] ?? '';

test('[DEV-060] [DEV-010] [DEV-011] [DEV-006] [DEV-007] each appears with its model, is edited with the others, synced, and gets what was set', async () => {
  // More strangers behind one address would be taken for somebody who guesses: the others are announced.
  const announced = macs.filter((_, index) => !strangers.has(models[index]?.[0] ?? ''));
  await admin.expect(201, 'POST', '/devices', { macs: announced });
  await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
  const httpUrl = `http://127.0.0.1:${String(plane.httpPort)}/prov/`;
  const urls: string[] = [];
  for (const index of models.keys()) {
    const own = await fetchFrom(nextUrl(await fetchFrom(httpUrl, index)), index);
    urls.push(nextUrl(own));
    expect(own).toMatch(/^Config\.Account1\.GENERAL\.UserName = login\d+$/m);
    expect(own).toMatch(/^Config\.Account1\.GENERAL\.Pwd = \S{20,}$/m);
  }
  for (const [index, [, model, kind]] of models.entries()) {
    expect(await admin.expect(200, 'GET', `/devices/${macs[index] ?? ''}`)).toMatchObject({
      vendor: 'wp4x0',
      model,
      kind,
      isModelReported: true,
      firmware: '1.4.20',
      extension: expect.stringMatching(/^login\d+$/) as unknown,
    });
  }

  await admin.expect(200, 'PATCH', '/devices', {
    macs,
    changes: {
      settings: {
        'sip.acceptFromServerOnly': false,
        'snmp.enabled': true,
        'phone.toneZone': 'DE',
        'time.useDst': false,
        'network.voiceVlanId': 40,
        'network.voiceVlanPriority': 6,
        'syslog.server': '10.0.0.9',
      },
    },
  });
  const updated = macs.map((mac) =>
    exampleBinding(`device.${mac}`, { device: mac, remoteAddress: '127.0.0.1' }),
  );
  plane.callPlane.bus.emit('bindings.changed', { updated, removed: [] });
  await expect
    .poll(() => admin.expect(200, 'GET', '/devices?registered=true'))
    .toMatchObject({ total: macs.length });
  const { items } = (await admin.expect(200, 'POST', '/devices/sync', { macs })) as {
    items: { outcome: string }[];
  };
  expect(items.map(({ outcome }) => outcome)).toEqual(macs.map(() => 'accepted'));

  for (const [index, [, model, , hasFirewall, hasSnmp, hasTones, ports]] of models.entries()) {
    const file = await fetchFrom(urls[index] ?? '', index);
    const lines = file.split('\n');
    const has = (line: string): boolean => lines.includes(line);
    expect({
      model,
      firewall: has('Config.Account1.CALL.PreventSIPHacking = 0'),
      snmp: has('Config.Network.SNMP.Enable = 1'),
      tones: has('Config.Voice.TONE.Country = 10'),
      ports: lines.filter((line) => /^Config\.Account\d+\.GENERAL\.Enable/.test(line)).length,
    }).toEqual({ model, firewall: hasFirewall, snmp: hasSnmp, tones: hasTones, ports });
    expect(lines).toEqual(
      expect.arrayContaining([
        'Config.Settings.SNTP.DTS = 0',
        'Config.Network.VLAN.LanVlanEnable = 1',
        'Config.Network.VLAN.LanVid = 40',
        'Config.Network.VLAN.LanPriority = 6',
        'Config.Settings.LOGLEVEL.RemoteServer = 10.0.0.9',
      ]),
    );
  }
});
