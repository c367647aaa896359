/** What an administrator adds to the shipped data: values by vendor and model, templates, files. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;

const yealink = '001565aabb01';
const other = '001565aabb02';
const snom = '000413aabb03';
const anyVersion = { 'if-match': '*' };

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  await add([yealink], 'yealink', 'T46U');
  await add([other], 'yealink', 'T53W');
  await add([snom], 'snom', 'D785');
});

afterEach(async () => {
  await plane.remove();
});

async function add(macs: readonly string[], vendor: string, model: string): Promise<void> {
  await admin.expect(201, 'POST', '/devices', { macs, vendor, model });
}

interface ShownFile {
  readonly name: string;
  readonly lines: readonly {
    readonly text: string;
    readonly origins: readonly { readonly source: string; readonly name: string }[];
  }[];
}

/** The effective main file as the page shows it, as `text  ← origins`. */
async function linesOf(mac: string): Promise<readonly string[]> {
  const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/files`)) as {
    items: ShownFile[];
  };
  return items.flatMap(({ lines }) =>
    lines.map(({ text, origins }) =>
      [text, ...origins.map(({ source, name }) => `${source} ${name}`)].join(' ← '),
    ),
  );
}

async function ownUrlOf(mac: string): Promise<string> {
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
  return (revealed as { provisioningUrl: string }).provisioningUrl;
}

describe('values by vendor and model', () => {
  test('stand between those of the site and those of groups, and lines tell where they come from', async () => {
    const language = async (mac: string): Promise<string | undefined> =>
      (await linesOf(mac)).find((line) => line.startsWith('lang.gui = '));
    const everywhere = { settings: { 'phone.language': 'de' } };
    await admin.expect(200, 'PATCH', '/provisioning/settings', everywhere, anyVersion);
    expect(await language(yealink)).toBe('lang.gui = German ← default site');
    await admin.expect(201, 'POST', '/device-models', {
      vendor: 'yealink',
      settings: { 'phone.language': 'fr' },
    });
    expect(await language(yealink)).toBe('lang.gui = French ← vendor yealink');
    const { id } = (await admin.expect(201, 'POST', '/device-models', {
      vendor: 'yealink',
      model: 'SIP-T46U',
      settings: { 'phone.language': 'it', 'security.pin': '4711' },
      customLines: [{ key: 'features.own', value: '1' }],
    })) as { id: string };

    expect(await language(yealink)).toBe('lang.gui = Italian ← model T46U');
    expect(await linesOf(yealink)).toContain('features.own = 1 ← model T46U');
    expect(await language(other)).toBe('lang.gui = French ← vendor yealink');
    const { id: group } = (await admin.expect(201, 'POST', '/device-groups', {
      name: 'Lobby',
      settings: { 'phone.language': 'es' },
    })) as { id: string };
    await admin.expect(200, 'PATCH', `/devices/${yealink}`, { groups: [group] }, anyVersion);
    expect(await language(yealink)).toMatch(/ ← group Lobby$/);
    const shown = await admin.expect(200, 'GET', `/device-models/${id}`);
    expect(shown).toMatchObject({ model: 'T46U', devices: 1, secretSettings: ['security.pin'] });
    expect(JSON.stringify(shown)).not.toContain('4711');
  });

  test('a model that does not exist, or a second record of one, is refused', async () => {
    await admin.expect(201, 'POST', '/device-models', { vendor: 'snom', settings: {} });
    await admin.expect(409, 'POST', '/device-models', { vendor: 'snom', settings: {} });
    await admin.expect(422, 'POST', '/device-models', { vendor: 'yealink', model: 'T9000' });
  });
});

describe('[DEV-042] templates of the administrator', () => {
  async function shippedText(file: string): Promise<string> {
    const { items } = (await admin.expect(200, 'GET', '/device-templates/shipped/yealink')) as {
      items: { file: string; text: string }[];
    };
    return items.find((one) => one.file === file)?.text ?? '';
  }

  test('write the files of the models that they are attached to, until they are deleted', async () => {
    const text = `${await shippedText('device.boot.tmpl')}own.model = {{device.model}}\n`;
    const { id } = (await admin.expect(201, 'POST', '/device-templates', {
      name: 'Boot with our model',
      vendor: 'yealink',
      file: 'device.boot.tmpl',
      models: ['T46U'],
      text,
    })) as { id: string };

    expect((await linesOf(yealink)).join('\n')).toContain('own.model = T46U');
    expect((await linesOf(other)).join('\n')).not.toContain('own.model');
    const url = await ownUrlOf(yealink);
    expect((await curl(`${url}${yealink}.boot`)).body).toContain('own.model = T46U');
    await admin.expect(204, 'DELETE', `/device-templates/${id}`, undefined, anyVersion);
    expect((await curl(`${url}${yealink}.boot`)).body).not.toContain('own.model');
  });

  test('one with a mistake is refused with its line, and every device keeps what it had', async () => {
    const before = [await linesOf(yealink), await linesOf(other), await linesOf(snom)];
    const broken = 'first = 1\nsecond = {{device.nonsense}}\n';
    const body = { name: 'Broken', vendor: 'yealink', file: 'device.boot.tmpl', text: broken };

    const answer = await admin.send('POST', '/device-templates', body);

    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      issues: [
        {
          path: 'text',
          code: 'template',
          message: expect.stringMatching(/^Line 2: .*device\.nonsense/) as string,
        },
      ],
    });
    expect(
      await admin.expect(200, 'POST', '/device-templates/check', {
        vendor: 'yealink',
        file: 'device.boot.tmpl',
        text: broken,
      }),
    ).toMatchObject({ isSound: false, fault: { line: 2 } });
    expect([await linesOf(yealink), await linesOf(other), await linesOf(snom)]).toEqual(before);
    expect(await admin.expect(200, 'GET', '/device-templates')).toEqual({ items: [] });
  });

  test('a bootstrap template cannot tell a password', async () => {
    const text = 'account.1.password = {{primary.password}}\n';
    await admin.expect(422, 'POST', '/device-templates', {
      name: 'Leak',
      vendor: 'yealink',
      file: 'bootstrap.cfg.tmpl',
      text,
    });
  });

  test('two for the same file of the same model contradict each other', async () => {
    const text = await shippedText('device.boot.tmpl');
    const body = { vendor: 'yealink', file: 'device.boot.tmpl', models: ['T46U'], text };
    await admin.expect(201, 'POST', '/device-templates', { name: 'One', ...body });
    await admin.expect(409, 'POST', '/device-templates', { name: 'Two', ...body });
  });
});

describe('[DEV-049] custom files', () => {
  test('are listed first, and served to the devices and groups that name them alone', async () => {
    const addFile = async (name: string, text: string): Promise<string> => {
      const file = await admin.expect(201, 'POST', '/device-files', { name, text });
      return (file as { id: string }).id;
    };
    const site = await addFile('Site.cfg', 'site = 1\n');
    const own = await addFile('own.cfg', 'own = 1\n');
    await admin.expect(409, 'POST', '/device-files', { name: 'own.cfg', text: '' });
    const { id: group } = (await admin.expect(201, 'POST', '/device-groups', {
      name: 'Lobby',
      customFiles: [site],
    })) as { id: string };
    const change = { groups: [group], customFiles: [own] };
    await admin.expect(200, 'PATCH', `/devices/${yealink}`, change, anyVersion);
    const url = await ownUrlOf(yealink);

    const boot = (await curl(`${url}${yealink}.boot`)).body;

    expect(boot.match(/(?<=include:config ")[^"]+/g)).toEqual([
      'Site.cfg',
      'own.cfg',
      `${yealink}.cfg`,
    ]);
    expect(await curl(`${url}Site.cfg`)).toMatchObject({ status: 200, body: 'site = 1\n' });
    expect((await curl(`${url}own.cfg`)).body).toBe('own = 1\n');
    expect((await curl(`${url}site.cfg`)).status).toBe(404);
    expect((await curl(`${await ownUrlOf(other)}own.cfg`)).status).toBe(404);
    const bare = url.replace(/[0-9a-f]{40}\/$/, '');
    expect((await curl(`${bare}own.cfg`)).status).toBe(404);
    // Nor on a way that others can read: what the administrator wrote may hold a password.
    const token = url.split('/').at(-2) ?? '';
    const open = `http://127.0.0.1:${String(plane.httpPort)}/prov/${token}/own.cfg`;
    expect((await curl(open)).status).toBe(404);
    expect(await admin.expect(200, 'GET', '/device-files')).toMatchObject({
      items: [
        { name: 'Site.cfg', groups: ['Lobby'], devices: [] },
        { name: 'own.cfg', groups: [], devices: [yealink] },
      ],
    });
    await admin.expect(204, 'DELETE', `/device-files/${own}`, undefined, anyVersion);
    expect((await curl(`${url}own.cfg`)).status).toBe(404);
    const device = await admin.expect(200, 'GET', `/devices/${yealink}`);
    expect(device).toMatchObject({ configuration: { customFiles: [] } });
  });

  test('all of it is in the text of the configuration and comes back from there', async () => {
    await admin.expect(201, 'POST', '/device-files', { name: 'a.cfg', text: 'a = "1"\nb = 2\n' });
    await admin.expect(201, 'POST', '/device-models', {
      vendor: 'snom',
      settings: { 'sip.dtmf': 'info' },
    });
    const text = (await admin.expect(200, 'GET', '/configuration/export')) as string;

    expect(text).toMatch(
      /\[device-file [\w-]+\]\nname = "a\.cfg"\ntext = "a = \\"1\\"\\nb = 2\\n"/,
    );
    expect(text).toContain('[device-model snom]');
  });
});
