/** External lines on the page of a device, and what becomes of edits when somebody else was faster. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUser } from '../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

const mac = '805ec0aabb01';
const password = 'prov1der-Secret';
const anyVersion = { 'if-match': '*' };

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;
let anna = '';
let bruno = '';

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  anna = await createUser(client, { name: 'Anna Bianchi', extension: '101' });
  bruno = await createUser(client, { name: 'Bruno Rossi', extension: '102' });
  const device = { macs: [mac], model: 'T53W', comment: 'Front desk', lines: [anna] };
  await client.expect(201, 'POST', '/devices', device);
  await client.expect(201, 'POST', '/devices', { macs: ['001fc1aabb02'], model: 'UC924' });
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin(`/devices/${mac}/users`);
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

function linesOf(dialog: Locator): Locator {
  return dialog.getByRole('list', { name: 'External lines' }).getByRole('listitem');
}

async function fill(dialog: Locator, host: string): Promise<void> {
  await dialog.getByLabel('Registrar').fill(host);
  await dialog.getByLabel(/^User name/).fill('0612345');
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'OK' }).click();
}

test('[DEV-054] an external line is put on a phone, its password shown on request, and Undo takes it away', async () => {
  const device = page.getByRole('dialog', { name: 'Front desk' });
  await device.getByText('None: every line of the device is one of the PBX.').waitFor();
  await device.getByRole('button', { name: 'Add external line' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an external line' });
  await dialog.getByRole('button', { name: 'OK' }).click();
  expect(await dialog.getByText('A value is needed.').count()).toBe(3);
  await dialog.getByLabel('Port', { exact: true }).fill('5066');
  await dialog.getByLabel('Display name').fill('Shop');
  await dialog.getByLabel('Voicemail number').fill('*98');
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await fill(dialog, 'sip.provider.example');
  await dialog.waitFor({ state: 'detached' });
  const line = linesOf(device).first();
  expect(await line.innerText()).toMatch(/Line 2\s+Shop\s+0612345@sip\.provider\.example:5066/);
  await device.getByRole('button', { name: 'Save' }).click();
  await line.getByRole('button', { name: 'Show the password of Shop' }).click();
  await line.getByText(password).waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  const saved = await client.expect(200, 'GET', `/devices/${mac}`);
  expect(saved).toMatchObject({
    configuration: {
      lines: [anna],
      externalLines: [{ host: 'sip.provider.example', port: 5066, voicemailNumber: '*98' }],
    },
  });

  await page.goto('/settings/system/revisions?search=front');
  await page.getByRole('row').filter({ hasText: 'Front desk' }).first().click();
  const change = page.getByRole('dialog');
  await change.getByText(/Registrar: sip\.provider\.example, Port: 5066, Transport: UDP/).waitFor();
  await change.getByText('Passwords of external lines').waitFor();
  expect(await change.innerText()).not.toContain(password);

  await page.goto(`/devices/${mac}/users`);
  await device.getByRole('button', { name: 'Take Shop away' }).click();
  await device.getByRole('button', { name: 'Save' }).click();
  await device.getByText('None: every line of the device is one of the PBX.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await linesOf(device).first().waitFor();
});

test('[DEV-054] what a model with one registrar refuses is told beside the line', async () => {
  await page.goto('/devices/001fc1aabb02/users');
  const device = page.getByRole('dialog');
  await device.getByRole('button', { name: 'Add external line' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an external line' });
  await fill(dialog, 'sip.provider.example');
  await device.getByRole('button', { name: 'Save' }).click();
  await linesOf(device)
    .first()
    .getByText('all lines of UC924 register with the server of the first')
    .waitFor();
  await device.getByRole('button', { name: 'Discard' }).click();
  await linesOf(device).first().waitFor({ state: 'detached' });
});

test('[API-001] who edits lines that somebody else saves meanwhile is told, and decides', async () => {
  await page.goto(`/devices/${mac}/users`);
  const device = page.getByRole('dialog', { name: 'Front desk' });
  await device.getByRole('button', { name: 'Take Anna Bianchi away' }).click();
  const theirs = { lines: [anna, bruno] };
  await client.expect(200, 'PATCH', `/devices/${mac}`, theirs, anyVersion);
  await device.getByText('Someone else set this to “101 Anna Bianchi, 102 Bruno Rossi”').waitFor();
  await device.getByRole('button', { name: 'Save' }).click();
  await device.getByText('Someone else changed this in between.').waitFor();
  expect(await client.expect(200, 'GET', `/devices/${mac}`)).toMatchObject({
    configuration: theirs,
  });

  await device.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Front desk was saved.').first().waitFor();
  expect(await client.expect(200, 'GET', `/devices/${mac}`)).toMatchObject({
    configuration: { lines: [] },
  });
});

test('[API-001] a value for all devices that somebody else saves meanwhile is marked and not overwritten', async () => {
  await page.goto('/provisioning');
  const search = page.getByRole('searchbox', { name: 'Search settings' });
  await search.fill('sip.registerExpiresSec');
  const value = page.getByLabel('Registration time', { exact: true });
  await value.fill('900');
  const theirs = { settings: { 'sip.registerExpiresSec': 1200 } };
  await client.expect(200, 'PATCH', '/provisioning/settings', theirs, anyVersion);
  await page.getByText(/Someone else set this to “1,?200/).waitFor();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Someone else changed this in between.').waitFor();
  expect(await client.expect(200, 'GET', '/provisioning/settings')).toMatchObject(theirs);
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('[DEV-041] an import offers to allow rejected devices again', async () => {
  await client.expect(200, 'POST', '/devices/reject', { macs: ['000413aabb03'] });
  await page.goto('/devices');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Import devices' });
  await dialog.getByLabel('Or paste the text').fill('mac,comment\r\n000413aabb03,Warehouse\r\n');
  await dialog.getByRole('button', { name: 'Check the file' }).click();
  const tick = dialog.getByLabel('Allow the rejected device of this file again');
  await tick.check();
  await dialog.getByRole('button', { name: 'Import 1 device' }).click();
  await page.getByText('Devices imported: 1 new, 0 changed.').waitFor();
  expect(await client.expect(200, 'GET', '/rejected-devices')).toMatchObject({ total: 0 });
  expect(visitor.problems).toEqual([]);
});
