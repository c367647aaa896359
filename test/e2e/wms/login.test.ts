import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testAdminPassword } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';

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

  test('[UI-008] a restart of the system ends the session and the login page comes by itself', async () => {
    const { page } = visitor;
    await visitor.logIn('admin', testAdminPassword);
    await page.getByRole('heading', { name: 'PBX settings' }).waitFor();
    await daemon.stop();
    await page.getByText('Connection lost.').waitFor();
    await daemon.start();
    await page.getByText('Your session has ended.').waitFor();
    expect(await page.locator('input[autocomplete=username]').isVisible()).toBe(true);
  });

  test('runs under the content security policy without a blocked script or style', () => {
    expect(visitor.problems).toEqual([]);
  });
});
