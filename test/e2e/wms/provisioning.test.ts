import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { findFreePorts } from '../../support/daemon/free-ports.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;
let ftpPort: number;

beforeAll(async () => {
  [ftpPort = 0] = await findFreePorts(1);
  const settings = { ftpPort };
  [daemon, browser] = await Promise.all([startDaemon({ settings }), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  const macs = ['805ec0aabb01', '805ec0aabb02'];
  await client.expect(201, 'POST', '/devices', { macs, vendor: 'yealink', model: 'T46U' });
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/provisioning');
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

function button(name: string | RegExp, within: Page | Locator = page): Locator {
  return within.getByRole('button', { name, exact: true });
}

async function settingsOfApi(): Promise<Readonly<Record<string, unknown>>> {
  return (await client.expect(200, 'GET', '/provisioning/settings')) as Readonly<
    Record<string, unknown>
  >;
}

describe('provisioning', () => {
  test('[DEV-037] every door is off until it is turned on, with the address to tell phones', async () => {
    await page.getByText('No device can fetch anything while HTTP and HTTPS is off.').waitFor();
    await page.getByRole('switch', { name: 'HTTP and HTTPS' }).check();
    await button('Apply').click();
    await page.getByText('The provisioning settings were saved.').waitFor();
    await page.getByText(`${daemon.httpUrl}/prov/`).waitFor();
    expect(await settingsOfApi()).toMatchObject({ httpEnabled: true, tftpEnabled: false });
  });

  test('the window is opened for a while, counts down, says who opened it, and is closed', async () => {
    await page.getByLabel('For how long').selectOption({ label: '5 minutes' });
    await button('Open the window').click();
    await page.getByText(/^Closes in 4:\d\d$/).waitFor();
    await page.getByText('Opened by Administrator').waitFor();
    await button('Close now').click();
    await button('Open the window').waitFor();
    expect(await client.expect(200, 'GET', '/provisioning/window')).toMatchObject({
      isOpen: false,
    });
  });

  test('the window for some devices wants their MACs and refuses what is none', async () => {
    await page.getByLabel('Who may come').selectOption('macs');
    await page.getByLabel('MAC addresses').fill('80:5e:c0:aa:bb:01 nonsense');
    await button('Open the window').click();
    await page.getByText('nonsense is not a MAC address.').waitFor();
    await page.getByLabel('MAC addresses').fill('80:5e:c0:aa:bb:01');
    await button('Open the window').click();
    await page.getByText('Only for 1 device of the list').waitFor();
    await button('Close now').click();
  });

  test('a value for all devices is added, checked beside its field, and taken away', async () => {
    await page.getByLabel('Search settings').fill('Syslog server');
    const field = page.getByRole('textbox', { name: 'Syslog server', exact: true });
    await field.fill('not a host!');
    await button('Apply').click();
    await page.getByText('must be a host name or an IP address').waitFor();
    await field.fill('10.0.0.9');
    await button('Apply').click();
    await page.getByText('Everything is saved.').waitFor();
    expect(await settingsOfApi()).toMatchObject({ settings: { 'syslog.server': '10.0.0.9' } });
    await button('Take Syslog server back to inherited').click();
    await button('Apply').click();
    await page.getByText('Everything is saved.').waitFor();
    expect((await settingsOfApi())['settings']).toEqual({});
  });

  test('[DEV-036] FTP is turned on with what it may do, and a phone fetches its file', async () => {
    const url = `ftp://127.0.0.1:${String(ftpPort)}/`;
    const fetch = async (account: string, ...words: readonly string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)('curl', [
        ...['--silent', '--max-time', '10', '--user', account, ...words],
        `${url}805ec0aabb01.cfg`,
      ]);
      return stdout;
    };
    const card = page.getByRole('region', { name: 'FTP: account and logs' });
    await card.getByText('FTP is off: nothing is open.').waitFor();
    const anonymous = page.getByRole('switch', { name: 'Anonymous FTP logins' });
    expect(await anonymous.count()).toBe(0);

    await page.getByRole('switch', { name: 'FTP', exact: true }).check();
    await page.getByRole('switch', { name: 'FTP transfer log' }).check();
    await page.getByRole('textbox', { name: 'First FTP passive port' }).fill('51000');
    await page.getByRole('textbox', { name: 'Last FTP passive port' }).fill('50000');
    await button('Apply').click();
    await page.getByText('must leave 5 to 1,000 ports from the first one on').waitFor();
    await page.getByRole('textbox', { name: 'Last FTP passive port' }).fill('51050');
    await button('Apply').click();
    await card.getByText(url).waitFor();
    await card
      .getByText(/through\.$/)
      .getByText('51000 to 51050')
      .waitFor();

    expect(await fetch('PlcmSpIp:PlcmSpIp')).toMatch(/server\.url = https:/);
    await card.getByRole('row', { name: /Sent.*\/805ec0aabb01\.cfg/ }).waitFor();

    await button('Set FTP password…', card).click();
    const dialog = page.getByRole('dialog', { name: 'FTP password of devices' });
    await dialog.getByLabel('New password').fill('phones only');
    await button('OK', dialog).click();
    await card.getByText('with a password of your own').waitFor();
    await expect(fetch('PlcmSpIp:PlcmSpIp')).rejects.toMatchObject({ code: 67 });
    expect(await fetch('PlcmSpIp:phones only')).toMatch(/server\.url = https:/);
    await expect(fetch('anonymous:')).rejects.toMatchObject({ code: 67 });
    await anonymous.check();
    await button('Apply').click();
    await page.getByText('Everything is saved.').waitFor();
    expect(await fetch('anonymous:')).toMatch(/server\.url = https:/);
    await button('Back to the factory’s', card).click();
    await card.getByText('have from the factory').waitFor();

    await page.getByRole('switch', { name: 'FTP', exact: true }).uncheck();
    await button('Apply').click();
    await card.getByText('FTP is off: nothing is open.').waitFor();
    await expect(fetch('PlcmSpIp:PlcmSpIp')).rejects.toMatchObject({ code: 7 });
  });

  test('plug and play says that nothing is heard while it is off', async () => {
    await page.getByText('Plug and play is off: nothing is heard.').waitFor();
  });
});

describe('rejected devices', () => {
  const mac = '001565aabb09';
  const text = '00:15:65:aa:bb:09';

  test('[DEV-058] a device is rejected after a question, listed with who did it, and allowed again', async () => {
    await client.expect(201, 'POST', '/devices', { macs: [mac], comment: 'Hall' });
    await page.goto('/devices');
    await page.getByRole('checkbox', { name: /Hall/ }).check();
    await button('Reject…').click();
    const question = page.getByRole('alertdialog', { name: 'Reject this device?' });
    await question.getByText(/does not come back by itself/).waitFor();
    await button('Reject the device', question).click();
    await page.getByText('was rejected.').waitFor();
    expect((await client.send('GET', `/devices/${mac}`)).status).toBe(404);

    await page.goto('/provisioning');
    const card = page.getByRole('region', { name: 'Rejected devices' });
    const row = card.getByRole('row', { name: /00:15:65:aa:bb:09/ });
    await row.getByText('Yealink').waitFor();
    await row.getByText('Administrator').waitFor();
    await card.getByLabel('Search rejected devices').fill('snom');
    await card.getByText('Nothing matches').waitFor();
    await card.getByLabel('Search rejected devices').fill('hall');
    await button(`Allow ${text} again`, row).click();
    await card.getByText('Nothing matches').waitFor();
    await page.getByText('may come again.').waitFor();
    await button('Undo').click();
    await row.waitFor();
  });

  test('[DEV-058] who adds a rejected device by hand is told, and may allow it by that', async () => {
    await page.goto('/devices');
    await button('Add').click();
    const dialog = page.getByRole('dialog', { name: 'Add devices' });
    await dialog.getByRole('tab', { name: 'By MAC' }).click();
    await dialog.getByLabel('MAC addresses').fill(text);
    await button('Add 1 device', dialog).click();
    await button('Allow again and add').click();
    await page.getByText('1 device was added.').waitFor();
    expect(await client.expect(200, 'GET', '/rejected-devices')).toMatchObject({ total: 0 });
    await page.goto('/provisioning');
    await page.getByText('No device is rejected').waitFor();
    await client.expect(200, 'POST', '/devices/delete', { macs: [mac] });
  });
});

describe('device groups', () => {
  test('[DEV-045] a group gets members, settings and a place among the groups of a device', async () => {
    await page.goto('/device-groups');
    await button('Add a group').click();
    const sheet = page.getByRole('dialog', { name: 'Add a device group' });
    await sheet.getByLabel('Name').fill('Offices');
    await sheet.getByText('Firmware and fetching').click();
    await sheet.getByRole('textbox', { name: 'Firmware version' }).fill('108.86.0.20');
    await button('Apply', sheet).click();
    const opened = page.getByRole('dialog', { name: 'Offices' });
    await opened.getByLabel('Search a device to add').fill('aabb01');
    await opened.getByRole('button', { name: /80:5e:c0:aa:bb:01/ }).click();
    await opened.getByRole('link', { name: /80:5e:c0:aa:bb:01/ }).waitFor();
    const groups = (await client.expect(200, 'GET', '/device-groups')) as {
      items: { name: string; devices: number }[];
    };
    expect(groups.items).toMatchObject([
      { name: 'Offices', devices: 1, settings: { 'firmware.version': '108.86.0.20' } },
    ]);
  });

  test('[DEV-046] another group of the same device that says something else is named', async () => {
    const { items } = (await client.expect(200, 'GET', '/device-groups')) as {
      items: { id: string }[];
    };
    const { id } = (await client.expect(201, 'POST', '/device-groups', {
      name: 'Pilot',
      settings: { 'firmware.version': '108.87.0.5' },
    })) as { id: string };
    const groups = [items[0]?.id, id];
    const anyVersion = { 'if-match': '*' };
    await client.expect(200, 'PATCH', '/devices/805ec0aabb01', { groups }, anyVersion);
    await page.goto(`/device-groups/${items[0]?.id ?? ''}`);
    await page
      .getByText('Firmware version: 108.86.0.20 here, 108.87.0.5 in Pilot.', { exact: false })
      .waitFor();
    await page.getByText('group 1 of 2').waitFor();
  });

  test('are searched by every word, with or without accents', async () => {
    for (const name of ['Réception', 'Warehouse North', 'Warehouse South']) {
      await client.expect(201, 'POST', '/device-groups', { name });
    }
    await page.goto('/device-groups');
    const search = page.getByRole('searchbox', { name: 'Search device groups' });
    const names = async () => page.getByRole('row').locator('strong').allInnerTexts();
    await search.fill('reception');
    await expect.poll(names).toEqual(['Réception']);
    await search.fill('south ware');
    await expect.poll(names).toEqual(['Warehouse South']);
    await page
      .getByRole('status')
      .filter({ hasText: /^1 of \d+$/ })
      .waitFor();
    await search.fill('nowhere');
    await page.getByText('Nothing matches').waitFor();
    await button('Clear the search').click();
    await expect.poll(async () => (await names()).length).toBeGreaterThan(3);
  });
});

describe('vendors, templates and files', () => {
  test('values are set for one model', async () => {
    await page.goto('/device-models');
    await button('Set values for a model').click();
    const sheet = page.getByRole('dialog', { name: 'Values for a vendor or model' });
    await sheet.getByLabel('Vendor').selectOption('yealink');
    await sheet.getByRole('combobox', { name: 'Model', exact: true }).selectOption('T46U');
    await sheet.getByText('Display and tones').click();
    await sheet.getByRole('combobox', { name: 'Language' }).selectOption('it');
    await button('OK', sheet).click();
    const row = page.getByRole('row').filter({ hasText: 'T46U' });
    await row.waitFor();
    expect(await client.expect(200, 'GET', '/device-models/yealink_T46U')).toMatchObject({
      settings: { 'phone.language': 'it' },
      devices: 2,
    });
  });

  test('[DEV-042] a template with a mistake is told with its line; without, it is in use', async () => {
    await page.goto('/device-files');
    await button('Add a template').click();
    const sheet = page.getByRole('dialog', { name: 'Add a template' });
    await sheet.getByLabel('Name').fill('Own boot');
    await sheet.getByLabel('Replaces').selectOption('device.boot.tmpl');
    await button('Start from the shipped template', sheet).click();
    const text = sheet.getByRole('textbox', { name: 'Text' });
    await text.fill(`${await text.inputValue()}own = {{device.nonsense}}\n`);
    await button('OK', sheet).click();
    await sheet.getByText(/^Line \d+: .*device\.nonsense/).waitFor();
    await text.fill((await text.inputValue()).replace('device.nonsense', 'device.model'));
    await button('OK', sheet).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'Own boot' })
      .filter({ hasText: 'In use' })
      .waitFor();
  });

  test('[DEV-049] a file is written and given to a device', async () => {
    await button('Add a file').click();
    const sheet = page.getByRole('dialog', { name: 'Add a file' });
    await sheet.getByLabel('File name').fill('site.cfg');
    await sheet.getByRole('textbox', { name: 'Text' }).fill('site = 1\n');
    await button('OK', sheet).click();
    await page.getByRole('row').filter({ hasText: 'site.cfg' }).waitFor();
    await page.goto('/devices/805ec0aabb02/custom');
    const device = page.getByRole('dialog');
    await device.getByLabel('Add a file').selectOption({ label: 'site.cfg' });
    await button('Save', device).click();
    await expect
      .poll(() => client.expect(200, 'GET', '/device-files'))
      .toMatchObject({ items: [{ name: 'site.cfg', devices: ['805ec0aabb02'] }] });
  });
});

describe('DHCP', () => {
  test('[NET-004] a subnet with pool, reservation and option is saved; mistakes name their subnet', async () => {
    await page.goto('/dhcp');
    await button('Add a subnet').click();
    await page.getByRole('textbox', { name: /^Subnet/ }).fill('10.135.0.0/24');
    await page.getByRole('textbox', { name: /^Pools/ }).fill('10.135.0.100 - 10.136.0.199');
    await button('Apply').click();
    await page
      .getByText('10.135.0.0/24: Pools: "10.136.0.199" is not an address of the subnet.')
      .waitFor();
    await page.getByRole('textbox', { name: /^Pools/ }).fill('10.135.0.100 - 10.135.0.199');
    await page.getByRole('textbox', { name: /^NTP servers/ }).fill('10.135.0.1');
    await button('Add a reservation').click();
    await page.getByRole('textbox', { name: 'MAC', exact: true }).fill('80:5e:c0:aa:bb:01');
    await page.getByRole('textbox', { name: 'Address', exact: true }).fill('10.135.0.20');
    await button('Add a rule').click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Cameras');
    await page.getByRole('textbox', { name: 'Option', exact: true }).fill('230');
    await page.getByRole('textbox', { name: 'Value', exact: true }).fill('hello');
    await button('Apply').click();
    await page.getByText('The DHCP settings were saved.').waitFor();
    expect(await client.expect(200, 'GET', '/dhcp/settings')).toMatchObject({
      interfaces: [],
      subnets: [
        {
          subnet: '10.135.0.0/24',
          ranges: [{ first: '10.135.0.100', last: '10.135.0.199' }],
          ntpServers: ['10.135.0.1'],
          reservations: [{ mac: '80:5e:c0:aa:bb:01', address: '10.135.0.20' }],
        },
      ],
      optionRules: [
        { name: 'Cameras', options: [{ code: 230, value: { type: 'text', text: 'hello' } }] },
      ],
    });
  });

  test('leases are empty while it is off, and the options for another server can be copied', async () => {
    await page.getByRole('tab', { name: 'Leases' }).click();
    await page.getByText('No leases yet').waitFor();
    await page.getByRole('tab', { name: 'For another DHCP server' }).click();
    await page.getByRole('row').filter({ hasText: 'Yealink' }).first().waitFor();
    await button('Copy the list').click();
    await button('Copied').waitFor();
  });
});

test('nothing was blocked and no script failed', () => {
  expect(visitor.problems).toEqual([]);
});
