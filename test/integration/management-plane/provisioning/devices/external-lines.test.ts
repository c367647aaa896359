/** External lines of devices over the API of a management plane with real databases. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUser } from '../../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

interface Line {
  readonly id: string;
  readonly host: string;
  readonly hasPassword: boolean;
}

interface Device {
  readonly configuration: { readonly externalLines: readonly Line[] };
  readonly leftOut: { readonly lines: number };
}

const mac = '001565aabb01';
const anyVersion = { 'if-match': '*' };
const password = 'prov1der-Secret';
const provider = {
  host: 'sip.provider.example',
  port: 5066,
  userName: '0612345',
  authName: 'acct-77',
  displayName: 'Shop',
  voicemailNumber: '*98',
} as const;

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(201, 'POST', '/devices', { macs: [mac], model: 'T53W' });
});

afterEach(async () => {
  await plane.remove();
});

async function change(externalLines: readonly unknown[] | null, of = mac): Promise<Device> {
  const body = { externalLines };
  return (await admin.expect(200, 'PATCH', `/devices/${of}`, body, anyVersion)) as Device;
}

async function linesOf(device = mac): Promise<readonly Line[]> {
  const found = (await admin.expect(200, 'GET', `/devices/${device}`)) as Device;
  return found.configuration.externalLines;
}

async function filesText(action: 'files' | 'files/reveal' = 'files'): Promise<string> {
  const method = action === 'files' ? 'GET' : 'POST';
  const { items } = (await admin.expect(200, method, `/devices/${mac}/${action}`)) as {
    items: { lines: { text: string }[] }[];
  };
  return items.flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n');
}

describe('external lines', () => {
  test('[DEV-054] come after the line of the user, each with its own registrar, and show their password to nobody', async () => {
    const anna = await createUser(admin, { name: 'Anna', extension: '100' });
    await admin.expect(200, 'PATCH', `/devices/${mac}`, { lines: [anna] }, anyVersion);
    const changed = await change([{ ...provider, password }]);

    expect(changed.configuration.externalLines).toEqual([
      { ...provider, transport: 'udp', id: expect.any(String) as string, hasPassword: true },
    ]);
    const shown = await filesText();
    expect(shown).toContain('account.1.user_name = 100');
    expect(shown).toContain('account.2.sip_server.1.address = sip.provider.example');
    expect(shown).toContain('account.2.sip_server.1.port = 5066');
    expect(shown).toContain('account.2.auth_name = acct-77');
    expect(shown).toContain('voice_mail.number.2 = *98');
    const { items } = (await admin.expect(200, 'GET', '/revisions')) as {
      items: { number: number }[];
    };
    const revision = await admin.expect(200, 'GET', `/revisions/${String(items[0]?.number)}/diff`);
    const texts = [changed, shown, revision, await admin.expect(200, 'GET', '/audit')];
    expect(JSON.stringify(revision)).toContain('sip.provider.example');
    expect(JSON.stringify(texts)).not.toContain(password);
    expect(JSON.stringify(texts)).not.toContain('sealed.');
    expect(await filesText('files/reveal')).toContain(`account.2.password = ${password}`);
  });

  test('[DEV-054] a line keeps its password until another is given, and tells it on request, which is audited', async () => {
    await change([{ ...provider, password }]);
    const [line] = await linesOf();
    await change([
      { id: line?.id, ...provider, host: 'sip2.provider.example' },
      { host: '::1', userName: 'second', transport: 'tcp', password: 'other-Secret' },
    ]);

    const { linePasswords } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      linePasswords: { id: string; password: string }[];
    };
    expect(linePasswords.map((each) => each.password)).toEqual([password, 'other-Secret']);
    const audit = (await admin.expect(200, 'GET', '/audit')) as { items: { action: string }[] };
    expect(audit.items[0]?.action).toBe('device-password-shown');

    await change(null);
    expect(await linesOf()).toEqual([]);
    expect(await filesText()).not.toContain('provider.example');
  });

  test('[DEV-054] what is wrong with several lines is told at once, by field', async () => {
    const refused = await admin.send(
      'PATCH',
      `/devices/${mac}`,
      {
        externalLines: [
          { host: '300.1.2.3', userName: 'a b', password },
          { host: 'ok.example', userName: 'x', port: 70_000, password },
        ],
      },
      anyVersion,
    );
    const missing = await admin.send(
      'PATCH',
      `/devices/${mac}`,
      { externalLines: [provider, { ...provider, id: 'gone' }] },
      anyVersion,
    );

    const paths = (answer: { body: unknown }) =>
      (answer.body as { issues: { path: string }[] }).issues.map(({ path }) => path);
    expect(refused.status).toBe(422);
    expect(paths(refused)).toEqual([
      'externalLines.0.host',
      'externalLines.0.userName',
      'externalLines.1.port',
    ]);
    expect(missing.status).toBe(422);
    expect(paths(missing)).toEqual(['externalLines.0.password', 'externalLines.1.id']);
  });

  test.each([
    ['001fc10a0b0c', 'UC924', provider, 'host', 'UC924 register with the server of the first'],
    ['00908f0a0b0c', '440HD', provider, 'host', '440HD register with the server of the first'],
    [
      '7c2f800a0b0c',
      'N510',
      { ...provider, transport: 'tls' },
      'transport',
      'N510 IP PRO does not know this transport',
    ],
    [
      '000b820a0b0c',
      'HT802',
      provider,
      'voicemailNumber',
      'HT802 has no voicemail number for this line',
    ],
  ] as const)(
    '[DEV-054] a device that knows one registrar, transport or voicemail refuses another: %s %s',
    async (other, model, line, field, words) => {
      await admin.expect(201, 'POST', '/devices', { macs: [other], model });
      const refused = await admin.send(
        'PATCH',
        `/devices/${other}`,
        { externalLines: [{ ...line, password }] },
        anyVersion,
      );

      expect(refused.status).toBe(422);
      expect(refused.body).toMatchObject({
        issues: [
          {
            path: `externalLines.0.${field}`,
            message: expect.stringContaining(words) as string,
          },
        ],
      });
      expect(await linesOf(other)).toEqual([]);
    },
  );

  test('[DEV-054] a line that was right for another model is told with the files, and left out', async () => {
    const of = '7c2f800a0b0d';
    await admin.expect(201, 'POST', '/devices', { macs: [of], model: 'N670' });
    await change([{ ...provider, transport: 'tls', password }], of);
    const explained = async () => admin.expect(200, 'GET', `/devices/${of}/files`);
    expect(await explained()).toMatchObject({ leftOutLines: [] });

    await admin.expect(200, 'PATCH', `/devices/${of}`, { model: 'N510' }, anyVersion);
    const left = await explained();
    expect(left).toMatchObject({
      leftOutLines: [
        {
          name: '0612345@sip.provider.example',
          reasons: [expect.stringContaining('does not know this transport')],
        },
      ],
    });
    expect(JSON.stringify(left)).not.toContain('acct-77');
  });

  test('lines beyond what the model has are refused, and told when users need their place later', async () => {
    const users = [];
    for (const extension of ['100', '101', '102']) {
      users.push(await createUser(admin, { name: `User ${extension}`, extension }));
    }
    await admin.expect(201, 'POST', '/devices', { macs: ['9c75140a0b0c'], model: 'WP480' });
    const four = [1, 2, 3, 4].map((n) => ({ ...provider, userName: `ext${String(n)}`, password }));
    const of = '9c75140a0b0c';
    const body = { externalLines: four };
    const refused = await admin.send('PATCH', `/devices/${of}`, body, anyVersion);
    expect(refused.body).toMatchObject({ issues: [{ path: 'externalLines.3' }] });

    expect((await change(four.slice(0, 2), of)).leftOut.lines).toBe(0);
    await admin.expect(200, 'PATCH', `/devices/${of}`, { lines: users }, anyVersion);
    const { leftOut } = (await admin.expect(200, 'GET', `/devices/${of}`)) as Device;
    expect(leftOut.lines).toBe(2);
  });

  test('[DEV-053] [DEV-054] the text export holds them sealed and reads back to the same; without secrets they wait for a password', async () => {
    await change([{ ...provider, password }]);
    const asText = { 'content-type': 'text/plain' };
    const text = await admin.expect(200, 'GET', '/configuration/export?secrets=true');
    const open = await admin.expect(200, 'GET', '/configuration/export');
    expect(JSON.stringify([text, open])).not.toContain(password);

    await admin.expect(204, 'DELETE', `/devices/${mac}`, undefined, anyVersion);
    await admin.expect(200, 'POST', '/configuration/import', text, asText);
    expect(await admin.expect(200, 'GET', '/configuration/export?secrets=true')).toBe(text);
    await expect.poll(async () => filesText('files/reveal')).toContain(password);

    await admin.expect(204, 'DELETE', `/devices/${mac}`, undefined, anyVersion);
    await admin.expect(200, 'POST', '/configuration/import', open, asText);
    await expect
      .poll(async () => linesOf())
      .toMatchObject([{ host: provider.host, hasPassword: false }]);
  });

  test('[API-001] who saved on an older state loses nothing of the other, and is told', async () => {
    const read = await admin.send('GET', `/devices/${mac}`);
    const etag = String(read.headers['etag']);
    await admin.expect(
      200,
      'PATCH',
      `/devices/${mac}`,
      { externalLines: [{ ...provider, password }] },
      { 'if-match': etag },
    );
    const late = await admin.send(
      'PATCH',
      `/devices/${mac}`,
      { externalLines: [] },
      { 'if-match': etag },
    );

    expect(late.status).toBe(412);
    expect(await linesOf()).toHaveLength(1);
  });
});
