/** Remote phonebooks as phones of each vendor fetch them, read by an XML parser. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { curl } from '../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

const anyVersion = { 'if-match': '*' };

/** Vendor, a device of it, what it says of itself, and the path of one entry in its XML. */
const phones = [
  [
    'yealink',
    '001565aabb01',
    'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01',
    'YealinkIPPhoneDirectory',
  ],
  [
    'snom',
    '000413aabb02',
    'Mozilla/4.0 (compatible; snomD735-SIP 10.1.57.14)',
    'SnomIPPhoneDirectory',
  ],
  [
    'grandstream',
    'c074adaabb03',
    'Grandstream Model HW GRP2614 SW 1.0.11.48 DevId c074adaabb03',
    'AddressBook',
  ],
  ['fanvil', '0c383eaabb04', 'Fanvil X4U 2.12.1 0c383eaabb04', 'FanvilIPPhoneDirectory'],
  ['cisco-spa', '001bd4aabb05', 'Cisco/SPA504G-7.6.2 (001BD4AABB05)', 'CiscoIPPhoneDirectory'],
  ['poly', '0004f2aabb06', 'FileTransport PolycomVVX-VVX_411-UA/5.9.5', 'html'],
  ['gigaset', '7c2f80aabb07', 'Gigaset N670 IP PRO', 'list'],
  ['wp4x0', '9c7514aabb08', 'WP480', 'AkuvoxIPPhoneDirectory'],
  ['snom-m', '000413aabb09', 'snomM900', 'IPPhoneDirectory'],
] as const;

let plane: TestManagementPlane;
let admin: ApiClient;
const tokens = new Map<string, string>();

/** Fails the test when it is not well-formed. */
function xpath(xml: string, expression: string): string {
  return execFileSync('xmllint', ['--xpath', expression, '-'], {
    input: xml,
    encoding: 'utf8',
  }).trim();
}

function count(xml: string, name: string): number {
  return Number(xpath(xml, `count(//*[local-name()="${name}"])`));
}

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna <Rossi> & Söhne',
    extension: '100',
  })) as { user: { id: string } };
  const book = (await admin.expect(201, 'POST', '/phonebooks', { name: 'Customers' })) as {
    id: string;
  };
  for (const [name, number] of [
    ['Jörg Müller', '+49 (0)30 123456'],
    ['Мария Иванова', '02 5551234'],
  ]) {
    const numbers = [{ kind: 'office', number }];
    await admin.expect(201, 'POST', '/contacts', { phonebook: book.id, name, numbers });
  }
  for (const [vendor, mac] of phones) {
    await admin.expect(201, 'POST', '/devices', { macs: [mac], vendor, lines: [user.id] });
    const revealed = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    tokens.set(vendor, revealed.provisioningUrl);
  }
});

afterAll(async () => {
  await plane.remove();
});

async function fetchBook(vendor: string, path: string): Promise<string> {
  const userAgent = phones.find(([id]) => id === vendor)?.[2] ?? '';
  const { status, body } = await curl(`${tokens.get(vendor) ?? ''}${path}`, { userAgent });
  expect(status).toBe(200);
  return body;
}

describe('the remote phonebook', () => {
  it.each(phones)(
    'of %s is XML of its own with everybody who can be called',
    async (vendor, _mac, _agent, root) => {
      const xml = await fetchBook(vendor, 'phonebook.xml');

      expect(xpath(xml, 'local-name(/*)')).toBe(root);
      expect(xml).toContain('Müller');
      expect(xml).toContain('Иванова');
      expect(xml).toContain('Anna &lt;Rossi&gt; &amp; Söhne');
      expect(xml).toMatch(/\+4930123456|%2B4930123456/);
    },
  );

  it('stands in the device’s own file by default, one book each where the phone shows several', async () => {
    const yealink = await fetchBook('yealink', '001565aabb01.cfg');
    const grandstream = await fetchBook('grandstream', 'cfgc074adaabb03.xml');

    expect(yealink).toMatch(
      /^remote_phonebook\.data\.1\.url = https:\/\/\S+\/phonebook-colleagues\.xml$/m,
    );
    expect(yealink).toMatch(
      /^remote_phonebook\.data\.3\.url = https:\/\/\S+\/phonebook-own\.xml$/m,
    );
    expect(grandstream).toContain('EnabledUseHTTPS');
    const [, address = ''] = /remote_phonebook\.data\.2\.url = (\S+)/.exec(yealink) ?? [];
    const shared = await curl(address, { userAgent: phones[0][2] });
    expect(count(shared.body, 'DirectoryEntry')).toBe(2);
  });

  it('shows no token of it where administrators read the file', async () => {
    const { items } = (await admin.expect(200, 'GET', '/devices/001565aabb01/files')) as {
      items: { lines: { text: string }[] }[];
    };
    const text = JSON.stringify(items);

    expect(text).toContain('remote_phonebook.data.1.url');
    expect(text).not.toContain(
      /prov\/([0-9a-f]{40})/.exec(tokens.get('yealink') ?? '')?.[1] ?? 'x',
    );
  });

  it('is searched, and turns pages, with the addresses that it tells', async () => {
    const menu = await fetchBook('snom', 'phonebook.xml');
    const search = xpath(menu, 'string(//SoftKeyItem[1]/URL)');
    const form = await curl(search, { userAgent: phones[1][2] });
    const target = xpath(form.body, 'string(//URL)');
    const found = await curl(`${target}?search=muller`, { userAgent: phones[1][2] });

    expect(xpath(form.body, 'local-name(/*)')).toBe('SnomIPPhoneInput');
    expect(xpath(found.body, 'string(//DirectoryEntry/Name)')).toBe('Jörg Müller');
    expect(count(found.body, 'DirectoryEntry')).toBe(1);
  });

  it('tells a Gigaset base the name of a caller', async () => {
    const query = (hm: string): string =>
      `phonebook.xml?command=get_list&type=pb&fn=*&ln=*&hm=${hm}&first=1&count=1&reqsrc=auto`;
    const known = await fetchBook('gigaset', query('004930123456'));
    const unknown = await fetchBook('gigaset', query('0815'));

    expect(xpath(known, 'string(//entry/ln)')).toBe('Jörg Müller');
    expect(xpath(unknown, 'string(/list/@total)')).toBe('0');
  });

  it('is nothing for who has no token, the wrong one, or no encryption', async () => {
    const url = tokens.get('yealink') ?? '';
    const wrong = url.replace(/[0-9a-f]{40}/, 'a'.repeat(40));
    const plain = url.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${String(plane.httpPort)}`);
    const userAgent = phones[0][2];
    const answers = await Promise.all(
      [
        `${wrong}phonebook.xml`,
        `${plain}phonebook.xml`,
        `${plane.httpsUrl}/prov/phonebook.xml`,
      ].map((address) => curl(address, { userAgent })),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

it.each([
  [
    'poly',
    '0004f2aabb16',
    'FileTransport PolycomVVX-VVX_411-UA/5.9.5',
    '0004f2aabb16-user.cfg',
    /mb\.main\.home="([^"]+)"/,
  ],
  [
    'snom',
    '000413aabb12',
    'Mozilla/4.0 (compatible; snomD735-SIP 10.1.57.14)',
    'snomD735-000413AABB12.htm',
    /<dkey_directory perm="R">url ([^<]+)</,
  ],
] as const)(
  '[DEV-055] a phone of %s is given the directory of its user, with what he and his department may see',
  async (vendor, mac, userAgent, file, address) => {
    const extension = vendor === 'poly' ? '300' : '301';
    const { user } = (await admin.expect(201, 'POST', '/users', {
      name: `Berta ${vendor}`,
      extension,
      department: `Sales ${vendor}`,
    })) as { user: { id: string } };
    const nobody = { everyone: false, users: [], departments: [], mayEdit: false };
    for (const [name, some] of [
      [`Partners ${vendor}`, { departments: [`Sales ${vendor}`] }],
      [`Doctors ${vendor}`, { users: [user.id] }],
    ] as const) {
      const readers = { ...nobody, ...some };
      const book = (await admin.expect(201, 'POST', '/phonebooks', { name, readers })) as {
        id: string;
      };
      const numbers = [{ kind: 'office', number: '+39065551234' }];
      const contact = { phonebook: book.id, name: `Of ${name}`, numbers };
      await admin.expect(201, 'POST', '/contacts', contact);
    }
    await admin.expect(201, 'POST', '/devices', { macs: [mac], vendor, lines: [user.id] });
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };

    const own = await curl(provisioningUrl + file, { userAgent });
    const url = address.exec(own.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const { body } = await curl(url, { userAgent });
    expect(body).toContain(`Of Partners ${vendor}`);
    expect(body).toContain(`Of Doctors ${vendor}`);
    expect(body).toContain('Müller');
    const ofAnother = await fetchBook(vendor, 'phonebook.xml');
    expect(ofAnother).toContain('Müller');
    expect(ofAnother).not.toContain(`Of Partners ${vendor}`);
    expect(ofAnother).not.toContain(`Of Doctors ${vendor}`);
  },
);
