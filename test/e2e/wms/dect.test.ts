/** The page DECT: a system of three bases with its tree, handsets, subscription, undo, CSV. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;

const macs = ['000413bb0001', '000413bb0002', '000413bb0003'];
const places = ['Reception', 'Corridor', 'Warehouse'];

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  for (const [name, extension] of [
    ['Anna Bianchi', '201'],
    ['Bruno Conti', '202'],
  ]) {
    await client.expect(201, 'POST', '/users', { name, extension });
  }
  for (const [index, mac] of macs.entries()) {
    await client.expect(201, 'POST', '/devices', {
      macs: [mac],
      vendor: 'snom-m',
      model: 'M900',
      comment: places[index],
    });
  }
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/dect');
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const dialog = (): Locator => page.getByRole('dialog');
const handset = (text: string): Locator => page.getByRole('row').filter({ hasText: text });

/** What covers the left of the page until it goes by itself. */
async function dismissNotices(): Promise<void> {
  const dismiss = button('Dismiss');
  while ((await dismiss.count()) > 0) {
    await dismiss.first().click();
  }
}

async function chooseUser(text: string): Promise<void> {
  await dialog()
    .getByRole('combobox', { name: /Add a user/ })
    .fill(text);
  await dialog()
    .getByRole('option', { name: new RegExp(text) })
    .click();
}

test('a system is made of the bases in the list of devices, with a planned tree that keys can walk', async () => {
  await page.getByRole('heading', { name: 'No DECT system yet' }).waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await button('Add system').first().click();
  await dialog().getByLabel('Name *').fill('Head office');
  await dialog().getByLabel('Synchronisation').selectOption('planned');
  for (const mac of macs) {
    await dialog().getByLabel('Add a base').selectOption(mac);
  }
  await dialog()
    .getByLabel('Listens to')
    .nth(2)
    .selectOption(macs[1] ?? '');
  await dialog()
    .getByLabel('Or else to')
    .nth(1)
    .selectOption(macs[0] ?? '');
  await dialog().getByLabel('Measured signal (dBm)').nth(1).fill('-82');
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await button('OK').click();

  const items = page.getByRole('treeitem');
  await items.nth(2).waitFor();
  expect(
    await items.evaluateAll((elements) =>
      elements.map((element) => element.getAttribute('aria-level')),
    ),
  ).toEqual(['1', '2', '3']);
  await page.getByText('Warehouse hears its source with -82 dBm only.').waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);

  await items.first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Warehouse');
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Corridor');
});

test('[DECT-006] handsets get places, users and identities; a deletion can be undone', async () => {
  await button('Add handset').first().click();
  await chooseUser('Anna');
  await dialog().getByLabel('IPUI').fill('04096 0012345 3');
  await button('OK').click();
  await handset('Anna Bianchi').waitFor();
  expect(await handset('Anna Bianchi').innerText()).toContain('0100003039');

  await button('Add handset').first().click();
  await button('OK').click();
  await handset('login').waitFor();
  await dismissNotices();
  await handset('login').getByRole('checkbox').check();
  await button('Assign').click();
  await chooseUser('Bruno');
  await button('OK').click();
  await handset('Bruno Conti').waitFor();
  await dismissNotices();

  await handset('Bruno Conti').getByRole('checkbox').check();
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await handset('Bruno Conti').waitFor({ state: 'detached' });
  await button('Undo').last().click();
  await handset('Bruno Conti').waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
});

test('subscribing tells the steps, the access code on request, and until when the system is open', async () => {
  await button('Subscribe handsets').click();
  await button('Show the access code').click();
  await expect
    .poll(() => dialog().getByRole('status', { name: 'Access code' }).innerText())
    .toMatch(/^\d{4}$/);
  await button('Open').click();
  await dialog()
    .getByText(/^Open until/)
    .waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByText(/^Open for new handsets until/).waitFor();
});

test('handsets go out as CSV and come back with changes', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button('Export CSV').click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text.split('\r\n')[1]).toBe('1,0100003039,,,201');

  await button('Import CSV').click();
  await dialog().locator('textarea').fill('place,name,model\n1,Anna mobile,M85\n9,Spare,M70\n');
  await button('Check the file').click();
  await button('Import 2 handsets').click();
  await handset('Anna mobile').waitFor();
  await handset('Spare').waitFor();
});

test('the page is as good in Italian, dark and narrow', async () => {
  const narrow = await browser.open(daemon, { locale: 'it-IT', colorScheme: 'dark', width: 400 });
  const path = new URL(page.url()).pathname;
  await narrow.page.goto(path);
  await narrow.page.getByRole('button', { name: 'Lingua' }).click();
  await narrow.page.getByRole('menuitemradio', { name: 'Italiano' }).click();
  await narrow.openAsAdmin(path);
  await narrow.page.getByRole('heading', { name: 'Cordless', exact: true }).waitFor();
  const width = await narrow.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(400);
  expect(await findAccessibilityProblems(narrow.page)).toEqual([]);
  expect([...visitor.problems, ...narrow.problems]).toEqual([]);
});
