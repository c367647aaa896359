import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser } from '../../support/management-plane/api-accounts.ts';
import { ApiClient, testAdminPassword } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  visitor = await browser.open(daemon);
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

describe('the first login', () => {
  test('a wrong password and an unknown account get the same sentence', async () => {
    const { page } = visitor;
    await page.goto('/users');
    const told: string[] = [];
    for (const login of ['admin', 'nobody-here']) {
      await visitor.logIn(login, 'not the password');
      told.push(await page.getByRole('alert').innerText());
      expect(await page.locator('input[autocomplete=current-password]').inputValue()).toBe('');
    }
    expect(told).toEqual(['Login or password is wrong.', 'Login or password is wrong.']);
  });

  test('[UI-005] with the factory password leads to a new one and nowhere else', async () => {
    const { page } = visitor;
    await page.goto('/users');
    await visitor.logIn('admin', 'wildix');
    await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);

    await page.goto('/settings/pbx');
    await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  });

  test('hints tell what the new password lacks, and a generated one lacks nothing', async () => {
    const { page } = visitor;
    const submit = page.getByRole('button', { name: 'Change the password' });
    const wanted = page.getByLabel('New password', { exact: true });
    const missing = page.getByRole('list', { name: 'What the password needs' });
    await page.getByLabel('Current password', { exact: true }).fill('wildix');
    await wanted.fill('short');
    expect(await missing.getByText('missing').count()).toBe(3);
    expect(await submit.isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Generate a password' }).click();
    const generated = await page.locator('code').innerText();
    expect(await wanted.inputValue()).toBe(generated);
    expect(await missing.getByText('missing').count()).toBe(0);
    expect(await submit.isEnabled()).toBe(true);
  });

  test('[UI-021] its fields tell the browser what to fill in and what never', async () => {
    const { page } = visitor;
    const current = page.getByLabel('Current password', { exact: true });
    const wanted = page.getByLabel('New password', { exact: true });
    expect(await current.getAttribute('autocomplete')).toBe('current-password');
    expect(await wanted.getAttribute('autocomplete')).toBe('new-password');
    expect(await wanted.getAttribute('type')).toBe('password');
  });

  test('[UI-005] after the change the page asked for opens and the factory password is refused', async () => {
    const { page } = visitor;
    await page.getByLabel('New password', { exact: true }).fill(testAdminPassword);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('heading', { name: 'PBX settings' }).waitFor();

    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await visitor.logIn('admin', 'wildix');
    expect(await page.getByRole('alert').innerText()).toBe('Login or password is wrong.');
  });

  test('[UI-008] a restart of the system ends the session: the login comes by itself, and what was typed is kept', async () => {
    const { page } = visitor;
    await visitor.logIn('admin', testAdminPassword);
    await page.getByRole('heading', { name: 'PBX settings' }).waitFor();
    const field = page.getByRole('textbox', { name: 'System name' });
    await field.fill('Half-typed');
    await daemon.stop();
    await page.getByText('Connection lost.').waitFor();
    await daemon.start();
    const again = page.getByRole('dialog', { name: 'Your session has ended.' });
    await again.waitFor();

    expect(await again.getByLabel('Login', { exact: true }).inputValue()).toBe('admin');
    expect(await again.locator('input[autocomplete=current-password]:focus').count()).toBe(1);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await again.getByText('Login or password is wrong.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await visitor.logIn('admin', testAdminPassword);
    await again.waitFor({ state: 'hidden' });

    expect(await field.inputValue()).toBe('Half-typed');
    expect(await page.locator(':focus').evaluate((element) => element.tagName)).toBe('INPUT');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await field.inputValue()).toBe('Half-typed');
  });

  test('[UI-008] a request that meets an ended session goes on after the login; another account begins anew', async () => {
    const { page } = visitor;
    const field = page.getByRole('textbox', { name: 'System name' });
    await field.fill('Kept over a login');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Apply' }).click();
    const again = page.getByRole('dialog', { name: 'Your session has ended.' });
    await again.waitFor();
    await visitor.logIn('admin', testAdminPassword);
    await again.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Undo' }).first().waitFor();
    expect(await field.inputValue()).toBe('Kept over a login');

    const client = new ApiClient(daemon);
    await client.login('admin', testAdminPassword);
    await createUser(client, { name: 'Bruno', extension: '199', role: 'admin' });
    await field.fill('Of no interest to Bruno');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Apply' }).click();
    await again.waitFor();
    await visitor.logIn('199', testAdminPassword);
    await page.getByRole('button', { name: 'Account of Bruno' }).waitFor();
    expect(await field.inputValue()).toBe('Kept over a login');
  });

  test('runs under the content security policy without a blocked script or style', () => {
    expect(visitor.problems).toEqual([]);
  });
});
