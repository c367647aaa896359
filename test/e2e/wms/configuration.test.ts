import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/settings/pbx');
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

function button(name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

function rowOf(text: string): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

async function settingsOfApi(): Promise<Readonly<Record<string, unknown>>> {
  return (await client.expect(200, 'GET', '/settings')) as Readonly<Record<string, unknown>>;
}

describe('settings', () => {
  test('[UI-017] each shows its default and goes back to it', async () => {
    const ring = page.getByLabel('Ring time', { exact: true });
    await ring.fill('45');
    const field = page.locator('.field').filter({ has: ring });
    expect(await field.innerText()).toContain('Default: 60 s');
    expect(await field.getByText('unsaved').count()).toBe(1);
    await page.getByRole('button', { name: 'Use the default of Ring time' }).click();
    expect(await ring.inputValue()).toBe('60');
    expect(await field.getByText('unsaved').count()).toBe(0);
    await page.getByText('Everything is saved.').waitFor();
  });

  test('a value out of range is refused beside its field and nothing is saved', async () => {
    await page.getByLabel('Ring time', { exact: true }).fill('4');
    await button('Apply').click();
    const field = page
      .locator('.field')
      .filter({ has: page.getByLabel('Ring time', { exact: true }) });
    await page.getByText('1 field needs attention').waitFor();
    expect(await page.getByLabel('Ring time', { exact: true }).getAttribute('aria-invalid')).toBe(
      'true',
    );
    await field.locator(':focus').waitFor();
    expect(await field.innerText()).toMatch(/5/);
    expect((await settingsOfApi())['ringTimeoutSec']).toBe(60);
  });

  test('[UI-018] Apply saves with the reason given, Cancel drops what was changed', async () => {
    await page.getByLabel('Ring time', { exact: true }).fill('45');
    await page.getByLabel('Reason for the change').fill('Shorter ringing');
    await button('Apply').click();
    await page.getByText('The settings were saved.').waitFor();
    expect((await settingsOfApi())['ringTimeoutSec']).toBe(45);
    await page.getByLabel('Ring time', { exact: true }).fill('50');
    await button('Cancel').click();
    expect(await page.getByLabel('Ring time', { exact: true }).inputValue()).toBe('45');
  });

  test('unsaved changes are not left by accident', async () => {
    await page.getByLabel('System name', { exact: true }).fill('Villa Rosa');
    await page.getByRole('link', { name: 'Users' }).first().click();
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('System name', { exact: true }).inputValue()).toBe('Villa Rosa');
    await button('OK').click();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await page.getByRole('link', { name: 'Villa Rosa' }).waitFor();
  });

  test('a change that must be confirmed counts down on every page and is reverted at once', async () => {
    await page.goto('/settings/pbx');
    await page.getByLabel('Phones per user', { exact: true }).fill('3');
    await page
      .getByLabel('When it is not confirmed')
      .selectOption({ label: 'Revert unless confirmed in 2 minutes' });
    await button('Apply').click();
    await page.goto('/users');
    const bar = page.getByRole('region', { name: 'Change waiting for confirmation' });
    await bar.getByText(/\b[01]:\d\d$/).waitFor();
    await bar.getByRole('button', { name: 'Revert now' }).click();
    await bar.waitFor({ state: 'detached' });
    expect((await settingsOfApi())['contactsPerUser']).toBe(10);
  });

  test('a change that is confirmed stays', async () => {
    await page.goto('/settings/pbx');
    await page.getByLabel('Phones per user', { exact: true }).fill('4');
    await page
      .getByLabel('When it is not confirmed')
      .selectOption({ label: 'Revert unless confirmed in 1 minute' });
    await button('Apply').click();
    const bar = page.getByRole('region', { name: 'Change waiting for confirmation' });
    await bar.getByRole('button', { name: 'Confirm' }).click();
    await bar.waitFor({ state: 'detached' });
    expect((await settingsOfApi())['contactsPerUser']).toBe(4);
  });
});

describe('changes', () => {
  test('tell who, why and what in the words of the forms', async () => {
    await page.goto('/settings/system/revisions');
    await rowOf('Shorter ringing').click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('Ring time').waitFor();
    expect(await sheet.locator('del').innerText()).toContain('60 s');
    expect(await sheet.locator('ins').innerText()).toContain('45 s');
    expect(await sheet.innerText()).toMatch(/Administrator, .*Shorter ringing/s);
  });

  test('are taken back one by one; later ones stay', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText(/Revision \d+ was taken back\./).waitFor();
    expect(await settingsOfApi()).toMatchObject({
      ringTimeoutSec: 60,
      contactsPerUser: 4,
      systemName: 'Villa Rosa',
    });
  });

  test('never show a secret', async () => {
    const created = (await client.expect(201, 'POST', '/users', {
      name: 'Dora Blu',
      extension: '150',
      passwords: { sip: { value: 'Never-Shown-123456' } },
    })) as { user: { version: number } };
    await page.goto(`/settings/system/revisions/${String(created.user.version)}`);
    const sheet = page.getByRole('dialog');
    await sheet.getByText('SIP password').waitFor();
    const text = await sheet.innerText();
    expect(text).toContain('changed (secret, not shown)');
    expect(text).not.toContain('Never-Shown');
    await page.keyboard.press('Escape');
  });

  test('that are more than fits are read on with the keyboard alone', async () => {
    await page.setViewportSize({ width: 1280, height: 300 });
    await rowOf('Dora Blu').first().click();
    const text = page.getByRole('dialog').getByRole('group', { name: /^Revision/ });
    await text.waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    const isReached = async () => text.evaluate((element) => element === document.activeElement);
    for (let stop = 0; stop < 6 && !(await isReached()); stop += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('End');
    await expect.poll(() => text.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(50);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('Escape');
  });
});

describe('export and import', () => {
  test('the text that was saved brings its values back, after its differences were shown', async () => {
    await page.goto('/settings/tools/configuration');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button('Save as text').click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('Villa Rosa');

    await page.getByLabel('Text of the configuration').fill(text.replace('Villa Rosa', 'Casa Blu'));
    await button('Show the differences').click();
    await page.getByRole('heading', { name: '1 difference', exact: true }).waitFor();
    expect(await page.locator('del').innerText()).toContain('Villa Rosa');
    await button('Import 1 difference').click();
    await page.getByText('The configuration was imported.').waitFor();
    expect((await settingsOfApi())['systemName']).toBe('Casa Blu');
  });

  test('a text that cannot be read is refused with the place of each mistake', async () => {
    await page.getByLabel('Text of the configuration').fill('this is no configuration\n');
    await button('Show the differences').click();
    await page.locator('.preview .notice.danger, .notice.danger[role=alert]').first().waitFor();
    expect(await page.getByRole('button', { name: /^Import \d/ }).count()).toBe(0);
  });
});

describe('tokens', () => {
  test('a new one is shown once, works, and is gone when deleted', async () => {
    await page.goto('/settings/system/tokens');
    await button('Add a token').first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a token' });
    await dialog.getByLabel('Name').fill('Wallboard');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const shown = page.getByRole('dialog', { name: 'Token Wallboard' });
    const value = await shown.locator('code').first().innerText();
    await shown.getByRole('button', { name: 'I have noted it' }).click();
    expect(await page.content()).not.toContain(value);
    const program = new ApiClient(daemon);
    const bearer = { authorization: `Bearer ${value}` };
    await program.expect(200, 'GET', '/users', undefined, bearer);

    await page.getByRole('button', { name: 'Delete token Wallboard' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Token Wallboard was deleted.').waitFor();
    await program.expect(401, 'GET', '/users', undefined, bearer);
  });
});

describe('[SEC-022] the audit log', () => {
  test('holds logins and changes with who, result and from where', async () => {
    await client.send('POST', '/session', { login: 'admin', password: 'wrong' });
    await page.goto('/settings/system/audit');
    const failed = rowOf('Failed').filter({ hasText: 'Login' }).first();
    await failed.waitFor();
    expect(await failed.innerText()).toMatch(/127\.0\.0\.1|::1/);
    await rowOf('API token created').filter({ hasText: 'Administrator' }).waitFor();
    await page.getByRole('searchbox').fill('wallboard');
    await page.getByText('1–2 of 2').waitFor();
  });
});

test('nothing was blocked and no script failed', () => {
  expect(visitor.problems).toEqual([]);
});
