/** DECT over the HTTP API: systems, their bases and trees, handsets, what bases get in their files. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  DectHandset,
  DectSystem,
} from '../../../../../system/management-plane/api/routes/dect/schema.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;
let anna: string;
let bruno: string;

const anyVersion = { 'if-match': '*' };
const masterMac = '000413aa0001';
const memberMac = '000413aa0002';
const thirdMac = '000413aa0003';
const yealinkMac = '805ec0aa0001';

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  anna = await addUser('Anna Bianchi', '201');
  bruno = await addUser('Bruno Conti', '202');
  await admin.expect(201, 'POST', '/devices', {
    macs: [masterMac, memberMac, thirdMac],
    vendor: 'snom-m',
    model: 'M700',
  });
  await admin.expect(201, 'POST', '/devices', {
    macs: [yealinkMac],
    vendor: 'yealink',
    model: 'W70B',
  });
});

afterEach(async () => {
  await plane.remove();
});

async function addUser(name: string, extension: string): Promise<string> {
  const { user } = (await admin.expect(201, 'POST', '/users', { name, extension })) as {
    user: { id: string };
  };
  return user.id;
}

async function addSystem(fields: Record<string, unknown> = {}): Promise<DectSystem> {
  return (await admin.expect(201, 'POST', '/dect/systems', {
    name: 'Head office',
    bases: [{ mac: masterMac, name: 'Reception' }],
    ...fields,
  })) as DectSystem;
}

async function addHandsets(system: string, handsets: readonly object[]): Promise<string[]> {
  const body = { system, handsets };
  const { ids } = (await admin.expect(201, 'POST', '/dect/handsets', body)) as { ids: string[] };
  return ids;
}

async function handset(id: string): Promise<DectHandset> {
  return (await admin.expect(200, 'GET', `/dect/handsets/${id}`)) as DectHandset;
}

/** What the base gets with its own token; secrets in clear. */
async function fileOf(mac: string, name: string, userAgent: string): Promise<string> {
  const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  const answer = await curl(provisioningUrl + name, { userAgent });
  expect(answer.status).toBe(200);
  return answer.body;
}

const snomFile = (mac: string): Promise<string> =>
  fileOf(
    mac,
    `snomM700-${mac.toUpperCase()}.htm`,
    `Mozilla/4.0 (compatible; Snom M700 05.20.0001 ${mac})`,
  );

function valueOf(file: string, name: string, index?: number): string | undefined {
  const place = index === undefined ? '' : ` idx="${String(index)}"`;
  return new RegExp(`<${name}${place}>([^<]*)<`).exec(file)?.[1];
}

async function register(id: string, userId: string, remoteAddress = '127.0.0.1'): Promise<void> {
  const binding = exampleBinding(userId, { device: id, remoteAddress });
  plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
  await expect.poll(() => handset(id)).toHaveProperty('state', 'registered');
}

describe('systems', () => {
  test('[DECT-004] the data master gets the accounts of all handsets, another base only how to find it', async () => {
    const system = await addSystem({
      bases: [{ mac: masterMac, name: 'Reception' }, { mac: memberMac }],
    });
    await addHandsets(system.id, [
      { user: anna, ipui: '0x02ae1f3c4d', name: 'Anna' },
      { user: bruno, place: 4 },
    ]);

    const master = await snomFile(masterMac);
    const member = await snomFile(memberMac);

    expect(valueOf(master, 'user_name', 1)).toBe('201');
    expect(valueOf(master, 'subscr_dect_ipui', 1)).toBe('0x02AE1F3C4D');
    expect(valueOf(master, 'user_name', 4)).toBe('202');
    expect(valueOf(master, 'subscr_sip_hs_idx', 4)).toBe('4');
    expect(valueOf(master, 'user_active', 2)).toBe('off');
    expect(valueOf(master, 'user_pass', 1)).toMatch(/^[a-z2-9]{26}$/);
    expect(valueOf(master, 'user_pass', 1)).not.toBe(valueOf(master, 'user_pass', 4));
    for (const file of [master, member]) {
      expect(valueOf(file, 'network_sync_enable')).toBe('on');
      expect(valueOf(file, 'network_sync_chain_id')).toBe(String(system.chainId));
      expect(valueOf(file, 'ac_code')).toMatch(/^\d{4}$/);
    }
    expect(member).not.toContain('user_name');
    expect(member).not.toContain('user_pass');
  });

  test('the access code is told on request only, and that is noted', async () => {
    const system = await addSystem({ accessCode: '4711' });
    expect(JSON.stringify(system)).not.toContain('4711');

    const revealed = await admin.expect(200, 'POST', `/dect/systems/${system.id}/reveal`);

    expect(revealed).toEqual({ accessCode: '4711' });
    const audit = (await admin.expect(200, 'GET', '/audit')) as { items: { action: string }[] };
    expect(audit.items.map(({ action }) => action)).toContain('dect-code-shown');
  });

  test('users that a base had as its lines become handsets in the same revision, which can be undone', async () => {
    await admin.expect(200, 'PATCH', `/devices/${masterMac}`, { lines: [anna, bruno] }, anyVersion);

    const { version } = await addSystem();

    const { items } = (await admin.expect(200, 'GET', '/dect/handsets')) as {
      items: DectHandset[];
    };
    expect(items.map(({ place, extension }) => [place, extension])).toEqual([
      [1, '201'],
      [2, '202'],
    ]);
    const device = () => admin.expect(200, 'GET', `/devices/${masterMac}`);
    expect(await device()).toMatchObject({ configuration: { lines: [] } });
    await admin.expect(201, 'POST', `/revisions/${String(version)}/revert`, {});
    expect(await device()).toMatchObject({ configuration: { lines: [anna, bruno] } });
    expect(await admin.expect(200, 'GET', '/dect/handsets')).toHaveProperty('total', 0);
  });

  test.each([
    ['a device that is not there', [{ mac: '000413ffffff' }], 'not-found', 'bases.0.mac'],
    [
      'bases of two vendors',
      [{ mac: masterMac }, { mac: yealinkMac }],
      'contradiction',
      'bases.1.mac',
    ],
    ['a base twice', [{ mac: masterMac }, { mac: masterMac }], 'repeated', 'bases.1.mac'],
    [
      'ways that lead back',
      [
        { mac: masterMac },
        { mac: memberMac, syncSource: thirdMac },
        { mac: thirdMac, syncSource: memberMac },
      ],
      'contradiction',
      'bases.1.syncSource',
    ],
  ])('refuse %s', async (_what, bases, code, path) => {
    const answer = await admin.send('POST', '/dect/systems', {
      name: 'X',
      sync: 'planned',
      bases,
    });
    expect(answer.status).toBe(422);
    const { issues } = answer.body as { issues: { path: string; code: string }[] };
    expect(
      issues.map((issue) => [issue.path.replace(/^.*?(?=bases)/, ''), issue.code]),
    ).toContainEqual([path, code]);
  });

  test('a base is in one system only, and a chain id is nobody else’s number', async () => {
    const system = await addSystem({ chainId: 4096 });

    const second = await admin.send('POST', '/dect/systems', {
      name: 'Second',
      bases: [{ mac: masterMac }],
    });
    const user = await admin.send('POST', '/users', { name: 'Carla', extension: '4096' });

    expect([second.status, user.status]).toEqual([409, 409]);
    expect(second.body).toMatchObject({ issues: [{ code: 'taken' }] });
    await admin.expect(204, 'DELETE', `/dect/systems/${system.id}`, undefined, anyVersion);
    await addSystem({ name: 'Second' });
  });

  test('[DECT-007] the models tell what each kind of base can carry', async () => {
    const { items } = (await admin.expect(200, 'GET', '/dect/models')) as {
      items: { model: string; handsets: number; opensBy: string }[];
    };
    expect(items.find(({ model }) => model === 'W70B')).toMatchObject({
      handsets: 10,
      bases: 1,
      opensBy: 'hand',
    });
    expect(items.find(({ model }) => model === 'M900')).toMatchObject({
      systemHandsets: 16_000,
      opensBy: 'file',
    });
  });
});

describe('opening for new handsets', () => {
  test('tells the base by its file and a NOTIFY, and is over when it is closed', async () => {
    const system = await addSystem();
    const [id = ''] = await addHandsets(system.id, [{}]);
    expect(valueOf(await snomFile(masterMac), 'auto_dect_register')).toBe('off');
    await register(id, `device.${id}`);

    const opened = await admin.expect(200, 'POST', `/dect/systems/${system.id}/open`, {
      minutes: 5,
    });

    expect(opened).toMatchObject({ sync: 'accepted' });
    expect(plane.callPlane.notified.at(-1)).toMatch(/ check-sync;reboot=false$/);
    expect(valueOf(await snomFile(masterMac), 'auto_dect_register')).toBe('on');
    await admin.expect(200, 'POST', `/dect/systems/${system.id}/close`);
    expect(plane.callPlane.notified).toHaveLength(2);
    expect(valueOf(await snomFile(masterMac), 'auto_dect_register')).toBe('off');
  });

  test('is refused with the reason where people do it at the base', async () => {
    const system = await addSystem({ bases: [{ mac: yealinkMac }] });
    const answer = await admin.send('POST', `/dect/systems/${system.id}/open`, { minutes: 5 });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      detail: 'W70B takes new handsets by its own key or web page only.',
    });
  });
});

describe('handsets', () => {
  test('[DECT-006] members of a base are each tied to an extension, loginX until then', async () => {
    const system = await addSystem();
    await addHandsets(system.id, [{ user: anna }, {}]);

    const members = await admin.expect(200, 'GET', `/dect/bases/${masterMac}/members`);

    expect(members).toMatchObject({
      total: 2,
      items: [
        { place: 1, extension: '201', user: { name: 'Anna Bianchi' }, state: 'expected' },
        { place: 2, extension: expect.stringMatching(/^login\d+$/) as unknown },
      ],
    });
  });

  test('[DECT-002] a registered headset waits unassigned until it is given to a user, then has that account', async () => {
    const system = await addSystem();
    const [id = ''] = await addHandsets(system.id, [{ model: 'Headset' }]);
    const before = await snomFile(masterMac);
    const { extension } = await handset(id);
    expect(valueOf(before, 'user_name', 1)).toBe(extension);
    await register(id, `device.${id}`);
    const waiting = await admin.expect(
      200,
      'GET',
      '/dect/handsets?assigned=false&state=registered',
    );
    expect(waiting).toMatchObject({ total: 1, items: [{ id, base: { mac: masterMac } }] });

    await admin.expect(200, 'POST', '/dect/handsets/assign', {
      assignments: [{ id, user: anna }],
    });

    expect(plane.callPlane.unregistered).toContain(`${id} device.${id}`);
    // The base was reached through this registration only, and is told to fetch all the same.
    const ended = exampleBinding(`device.${id}`, { device: id, remoteAddress: '127.0.0.1' });
    plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [ended] });
    await expect.poll(() => plane.callPlane.notified, { timeout: 5_000 }).toHaveLength(1);
    const after = await snomFile(masterMac);
    expect(valueOf(after, 'user_name', 1)).toBe('201');
    expect(valueOf(after, 'user_pname', 1)).not.toBe(valueOf(before, 'user_pname', 1));
    expect(await handset(id)).toMatchObject({ extension: '201', model: 'Headset' });
  });

  test('an identity is unique, in any spelling, and so is a place', async () => {
    const system = await addSystem();
    const [id = ''] = await addHandsets(system.id, [{ ipui: '0100003039' }]);
    expect(await handset(id)).toMatchObject({ ipei: '04096 0012345 3' });

    const same = await admin.send('POST', '/dect/handsets', {
      system: system.id,
      handsets: [{ ipui: '04096 0012345 3' }],
    });
    const wrong = await admin.send('POST', '/dect/handsets', {
      system: system.id,
      handsets: [{ ipui: '04096 0012345 9' }],
    });
    const place = await admin.send('POST', '/dect/handsets', {
      system: system.id,
      handsets: [{ place: 1 }],
    });

    expect([same.status, wrong.status, place.status]).toEqual([409, 422, 409]);
    expect(wrong.body).toMatchObject({ issues: [{ path: 'handsets.0.ipui' }] });
  });

  test('more than the base takes are refused with the number, and the system warns before', async () => {
    const system = await addSystem({ bases: [{ mac: yealinkMac }] });
    await addHandsets(
      system.id,
      Array.from({ length: 9 }, () => ({})),
    );
    expect(await admin.expect(200, 'GET', `/dect/systems/${system.id}`)).toMatchObject({
      handsets: 9,
      capacity: { handsets: 10 },
      warnings: [{ code: 'nearly-full', count: 9, limit: 10 }],
    });

    const answer = await admin.send('POST', '/dect/handsets', {
      system: system.id,
      handsets: [{}, {}],
    });

    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      detail: 'The system takes 10 handsets; with these it would have 11.',
    });
  });

  test('a handset moves to another system, takes its user along, and its old place is emptied', async () => {
    const first = await addSystem();
    const second = await addSystem({ name: 'Warehouse', bases: [{ mac: memberMac }] });
    const [id = ''] = await addHandsets(first.id, [{ user: anna, place: 3 }]);

    await admin.expect(200, 'PATCH', `/dect/handsets/${id}`, { system: second.id }, anyVersion);

    expect(valueOf(await snomFile(masterMac), 'user_active', 3)).toBe('off');
    expect(valueOf(await snomFile(memberMac), 'user_name', 1)).toBe('201');
  });

  test('a deleted one loses its registration and its account; undo brings both back', async () => {
    const system = await addSystem();
    const [id = ''] = await addHandsets(system.id, [{ user: anna }]);
    const before = await snomFile(masterMac);

    const { revision } = (await admin.expect(200, 'POST', '/dect/handsets/delete', {
      ids: [id],
    })) as { revision: number };

    await expect.poll(() => plane.callPlane.unregistered).toContain(id);
    expect(valueOf(await snomFile(masterMac), 'user_active', 1)).toBe('off');
    await admin.expect(201, 'POST', `/revisions/${String(revision)}/revert`, {});
    expect(valueOf(await snomFile(masterMac), 'user_pass', 1)).toBe(
      valueOf(before, 'user_pass', 1),
    );
  });

  test('CSV: what is exported is imported again without a change; mistakes are told with line and column', async () => {
    const system = await addSystem();
    await addHandsets(system.id, [{ user: anna, ipui: '02AE1F3C4D', name: 'Anna' }, {}]);
    const base = `/dect/systems/${system.id}`;
    const exported = String(await admin.expect(200, 'GET', `${base}/handsets.csv`));
    const preview = (text: string) =>
      admin.expect(200, 'POST', `${base}/handsets/import/preview`, text);
    expect(await preview(exported)).toMatchObject({ created: 0, updated: 2, issues: [] });

    const wrong = await preview('place,ipui,extension\r\n1,0100003039,299\r\n0,,\r\n');
    expect(wrong).not.toHaveProperty('importId');
    expect((wrong as { issues: { path: string }[] }).issues.map(({ path }) => path)).toEqual([
      '2.extension',
      '3.place',
    ]);

    const { importId } = (await preview(
      'place,ipei,name,extension\r\n2,04096 0012345 3,Bruno,202\r\n7,,Spare,\r\n',
    )) as { importId: string };
    await admin.expect(200, 'POST', '/dect/handsets/import', { importId });
    const { items } = (await admin.expect(200, 'GET', `/dect/handsets?system=${system.id}`)) as {
      items: DectHandset[];
    };
    expect(items.map(({ place, name, ipui, extension }) => [place, name, ipui, extension])).toEqual(
      [
        [1, 'Anna', '02AE1F3C4D', '201'],
        [2, 'Bruno', '0100003039', '202'],
        [7, 'Spare', undefined, expect.stringMatching(/^login\d+$/) as unknown],
      ],
    );
  });
});

test('users of a base that is in a system get handsets, not lines of the base', async () => {
  await addSystem();
  const refused = await admin.send('POST', '/devices/assign', {
    assignments: [{ mac: masterMac, lines: [anna] }],
  });
  expect(refused).toMatchObject({ status: 409, body: { issues: [{ path: masterMac }] } });
  const body = { lines: [anna] };
  expect(await admin.send('PATCH', `/devices/${masterMac}`, body, anyVersion)).toMatchObject({
    status: 409,
  });
  await admin.expect(200, 'PATCH', `/devices/${thirdMac}`, body, anyVersion);
});
