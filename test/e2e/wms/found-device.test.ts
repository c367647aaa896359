/** A phone is found in the network by the dialog that adds devices, and its log is read in its tab Log. */
import { execFileSync } from 'node:child_process';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { findFreePorts } from '../../support/daemon/free-ports.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

const mac = '001565aabb44';
const cable = `cmpf${String(process.pid)}`;
const network = `10.231.${String(process.pid % 250)}`;

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;
let port: number;

beforeAll(async () => {
  // A network of ours in which the kernel believes to know a phone and a computer.
  execFileSync('ip', ['link', 'add', cable, 'type', 'bridge']);
  execFileSync('ip', ['address', 'add', `${network}.1/24`, 'dev', cable]);
  execFileSync('ip', ['link', 'set', cable, 'up']);
  for (const [host, address] of [
    ['3', '00:15:65:aa:bb:44'],
    ['4', '02:00:00:00:00:04'],
  ] as const) {
    const entry = [`${network}.${host}`, 'lladdr', address, 'dev', cable];
    execFileSync('ip', ['neighbour', 'add', ...entry]);
  }
  [port = 0] = await findFreePorts(1);
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/devices');
});

afterAll(async () => {
  execFileSync('ip', ['link', 'delete', cable]);
  await browser.close();
  await daemon.remove();
});

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });

test('[DEV-052] a search of the network lists phones, and the chosen one is added', async () => {
  await button('Add').first().click();
  await page.getByRole('tab', { name: 'Search the network' }).click();
  await page.getByLabel('Addresses').fill('8.8.8.8');
  await button('Search').click();
  await page.getByText(/Only networks that the PBX stands in can be scanned/).waitFor();

  await page.getByLabel('Addresses').fill(`${network}.2-9`);
  await button('Search').click();
  await page.getByText(`${network}.2-9 was searched.`).waitFor();
  await page.getByText('Other computers that answered: 1.').waitFor();
  await page.getByRole('row', { name: /00:15:65:AA:BB:44 Yealink/i }).waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await page.getByLabel(/^Choose 00:15:65/i).check();
  await button('Add 1 device').click();

  await page.getByText('1 device was added.').waitFor();
  await page.getByRole('row', { name: new RegExp(`${network}.3`) }).waitFor();
});

test('[DEV-020] Connect is a column as soon as it is turned on', async () => {
  await page.getByRole('columnheader', { name: 'Password' }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'Connect' }).count()).toBe(0);
  const [connectFirstPort = 0] = await findFreePorts(1);
  const change = { connectEnabled: true, connectFirstPort };
  await client.expect(200, 'PATCH', '/device-access', change, { 'if-match': '*' });
  // Behind this address stands nothing that could be shown.
  const asked = page.waitForRequest((request) => request.url().endsWith(`/${mac}/connect`));
  await page.getByRole('button', { name: /^Connect to 00:15:65/ }).click();
  expect((await asked).method()).toBe('POST');
});

test('a device that does not answer is waited for in sight, and can be given up', async () => {
  await page.goto('/devices');
  // Never answered, as by a phone that is switched off.
  await page.route(`**/${mac}/connect`, () => undefined);
  const connect = page.getByRole('button', { name: /^Connect to 00:15:65/ });
  await connect.click();
  await page.getByText('Trying to reach it …').waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: /^Give up connecting to 00:15:65/ }).click();

  await connect.waitFor();
  await page.unrouteAll();
});

test('[DEV-056] the log of a device says how it is turned on, then comes by itself, is filtered and deleted', async () => {
  await page.goto(`/devices/${mac}/log`);
  await page.getByText('Logs are not received').waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Device access' }).last().click();
  await page.getByLabel('Receive logs (syslog)').check();
  await page.getByLabel('Port of syslog').fill(String(port));
  await button('Apply').click();
  await page.getByText('Device access saved.').waitFor();
  await button('Sync all').click();
  await page.getByText('No device is registered now.').waitFor();
  await page.goto(`/devices/${mac}/log`);
  await page.getByText(`The PBX receives logs at port ${String(port)}.`).waitFor();

  const log = (priority: string, text: string): void => {
    const line = ['-t', 'sip', '-p', priority, `[${mac}] ${text}`];
    execFileSync('logger', ['-d', '-n', '127.0.0.1', '-P', String(port), ...line]);
  };
  log('local0.info', 'REGISTER answered with 200');
  log('local0.err', 'INVITE <b>failed</b>');
  await page.getByText('INVITE <b>failed</b>').waitFor();
  await page.getByText('REGISTER answered with 200').waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);

  await page.getByLabel('Severity').selectOption({ label: 'Warning and worse' });
  await page.getByText('REGISTER answered with 200').waitFor({ state: 'detached' });
  await page.getByText('1 of 1 lines').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${mac}-.*\\.log$`));

  await button('Delete log').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nothing matches').waitFor();
  expect(visitor.problems).toEqual([]);
});
