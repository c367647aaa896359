/** Phone keys, preferences and PIN in the browser: by the administrator, and by the user himself. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

const password = 'Tramontana-Bora-7';
const anyVersion = { 'if-match': '*' };

let daemon: TestDaemon;
let browser: WmsBrowser;
let admin: ApiClient;
let userId: string;

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna Rossi',
    extension: '201',
    passwords: { web: { value: password }, sip: { generate: true } },
  })) as { user: { id: string } };
  userId = user.id;
  await admin.expect(201, 'POST', '/devices', {
    macs: ['805ec0aabb31'],
    vendor: 'yealink',
    model: 'T31P',
    comment: 'Reception',
    lines: [userId],
  });
});
afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

const profile = () => admin.expect(200, 'GET', `/users/${userId}/phone-profile`);

async function addKey(page: Page, kind: string, number: string, label: string): Promise<void> {
  const count = await page.getByRole('combobox', { name: /^Function of key/ }).count();
  const place = String(count + 1);
  await page.getByRole('button', { name: 'Add a key' }).click();
  await page.getByRole('combobox', { name: `Function of key ${place}` }).selectOption(kind);
  await page.getByRole('textbox', { name: `Number of key ${place}` }).fill(number);
  await page.getByRole('textbox', { name: `Label of key ${place}` }).fill(label);
}

async function expectNoProblems({ page, problems }: WmsPage): Promise<void> {
  expect(await findAccessibilityProblems(page)).toEqual([]);
  expect(problems).toEqual([]);
}

test('[DEV-057] [DEV-077] an administrator lays out keys at the user, corrects a wrong one, moves one and takes it back', async () => {
  const visitor = await browser.open(daemon);
  const { page } = visitor;
  await visitor.openAsAdmin(`/users/${userId}`);
  await page.getByRole('tab', { name: 'Phone keys' }).click();
  await addKey(page, 'blf', '202', 'Bruno');
  await addKey(page, 'speedDial', '04 01', 'Porter');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText(/must be a number or a name that can be dialled/i).waitFor();
  await page.getByRole('textbox', { name: 'Number of key 2' }).fill('0401');
  await page.getByRole('button', { name: 'Move key 2 up' }).click();
  await page.getByLabel('Display language').selectOption('it');
  await page.getByLabel('New PIN').fill('471147');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText('A PIN is set').waitFor();
  await expectNoProblems(visitor);

  expect(await profile()).toMatchObject({
    keys: [
      { kind: 'speedDial', value: '0401', label: 'Porter' },
      { kind: 'blf', value: '202', label: 'Bruno' },
    ],
    preferences: { 'phone.language': 'it' },
    hasPin: true,
  });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('No PIN is set').waitFor();
  expect(await profile()).toMatchObject({ keys: [], preferences: {}, hasPin: false });
  await visitor.close();
}, 60_000);

test('[DEV-077] the user does the same in the own account, and is told what finds no place', async () => {
  const many = Array.from({ length: 90 }, (_, index) => ({
    kind: 'blf',
    value: String(300 + index),
  }));
  const path = `/users/${userId}/phone-profile`;
  await admin.expect(200, 'PATCH', path, { keys: many }, anyVersion);
  const visitor = await browser.open(daemon, { colorScheme: 'dark' });
  const { page } = visitor;
  await page.goto('/my/account');
  await visitor.logIn('201', password);
  await page.getByText(/T31 · Reception: \d+ keys have no place/).waitFor();
  await expectNoProblems(visitor);
  await page.getByRole('button', { name: 'Remove key 90' }).click();
  await page.getByLabel('New PIN').fill('123456');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText(/is too easy to guess/i).waitFor();
  await page.getByLabel('New PIN').fill('271828');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText('A PIN is set').waitFor();

  const { keys, hasPin } = (await profile()) as { keys: unknown[]; hasPin: boolean };
  expect(keys).toHaveLength(89);
  expect(hasPin).toBe(true);
  await visitor.close();
}, 60_000);
