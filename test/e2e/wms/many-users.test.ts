import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { testAdminPassword } from '../../support/management-plane/api-client.ts';
import { UsersPage } from '../../support/daemon/users-page.ts';

let users: UsersPage;
let page: Page;

beforeAll(async () => {
  users = await UsersPage.open();
  ({ page } = users);
});

afterAll(async () => {
  await users.close();
});

describe('several users', () => {
  test('[UI-011] [USR-003] are edited at once; only the ticked fields change', async () => {
    await page.goto('/users');
    await users.select('Person 06', 'Person 07');
    // A selection lasts over pages.
    await users.button('Next page').click();
    await users.rowOf('Person 25').waitFor();
    await users.select('Person 25');
    await page.getByText('3 selected').waitFor();
    await users.toolbarButton('Edit').click();
    const dialog = page.getByRole('dialog', { name: 'Edit 3 users' });
    expect(await dialog.getByLabel('Department', { exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Change Language').check();
    await dialog.getByLabel('Language', { exact: true }).selectOption('it');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await page.getByText('3 users were changed.').waitFor();
    for (const [name, department] of [
      ['Person 06', 'Sales'],
      ['Person 07', 'Support'],
      ['Person 25', 'Support'],
    ] as const) {
      expect(await users.userByName(name)).toMatchObject({ language: 'it', department });
    }
    expect((await users.userByName('Person 08')).language).toBe('en');
  });

  test('[USR-008] [USR-009] get generated passwords, shown this once', async () => {
    await page.goto('/users');
    await users.select('Person 06', 'Person 07');
    await users.toolbarButton('Set passwords').click();
    await page
      .getByRole('dialog', { name: 'Set passwords' })
      .getByRole('button', { name: 'OK' })
      .click();
    const shown = page.getByRole('dialog', { name: 'New passwords of 2 users' });
    await shown.waitFor();
    const passwords = await shown.locator('code').allInnerTexts();
    expect(new Set(passwords).size).toBe(4);
    await shown.getByRole('button', { name: 'I have noted them' }).click();

    const login = await users.browser.open(users.daemon);
    await login.page.goto('/');
    await login.logIn('206', passwords[0] ?? '');
    await login.page
      .getByRole('heading', { name: /My calls|Le mie chiamate|Choose|Scegli/ })
      .waitFor();
    await login.close();
  });

  test('[UI-030] [USR-004] are deleted after a question that names them, and come back with Undo', async () => {
    await page.goto('/users');
    await users.select('Person 08', 'Person 09');
    await users.toolbarButton('Delete').click();
    const question = page.getByRole('alertdialog', { name: 'Delete 2 users?' });
    expect(await question.getByRole('listitem').allInnerTexts()).toEqual([
      'Person 08 (208)',
      'Person 09 (209)',
    ]);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await users.rowOf('Person 08').waitFor();

    await users.toolbarButton('Delete').click();
    await question.getByRole('button', { name: 'Delete 2 users' }).click();
    await page.getByText('2 users were deleted.').waitFor();
    await users.rowOf('Person 08').waitFor({ state: 'detached' });
    await users.button('Undo').click();
    await users.rowOf('Person 08').waitFor();
    await users.rowOf('Person 09').waitFor();
  });

  test('rows are moved through, selected and opened with the keyboard', async () => {
    await page.goto('/users');
    await users.rowOf('Person 01').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    expect(await page.getByLabel('Select Person 02').isChecked()).toBe(true);
    expect(await page.getByLabel('Select Person 03').isChecked()).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Person 03' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await users.rowOf('Person 03').evaluate((row) => row === document.activeElement)).toBe(
      true,
    );
  });
});

describe('files', () => {
  test('[USR-015] Export CSV saves every user', async () => {
    await page.goto('/users');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      users.button('Export CSV').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^campanile-users-\d{4}-\d\d-\d\d\.csv$/);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('Person 44');
    expect(text.trim().split('\n').length).toBeGreaterThan(46);
  });

  test('[DEV-041] a CSV file is previewed row by row, refused with its errors, then imported with phones', async () => {
    await page.goto('/users');
    await users.button('Import').click();
    const dialog = page.getByRole('dialog', { name: 'Import users' });
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'broken.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('name,extension,aliases\r\nNew One,401,\r\nClash,402,200\r\n'),
    });
    const rows = dialog.getByRole('row');
    await rows.filter({ hasText: 'Clash' }).getByText('Error').waitFor();
    expect(await rows.filter({ hasText: 'Clash' }).innerText()).toContain('Person 00');
    expect(await rows.filter({ hasText: 'New One' }).innerText()).toContain('New');
    const importing = dialog.getByRole('button', { name: /^Import/ });
    expect(await importing.isDisabled()).toBe(true);

    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog
      .getByLabel('Or paste the text')
      .fill('name,extension,devices\r\nNew One,401,00:15:65:aa:bb:01\r\n');
    await dialog.getByRole('button', { name: 'Check the file' }).click();
    await dialog.getByText('1 new device').waitFor();
    await dialog.getByRole('button', { name: 'Import 1 user and 1 device' }).click();
    const passwords = page.getByRole('dialog', { name: 'New passwords' });
    await passwords.getByText('New One').waitFor();
    await passwords.getByRole('button', { name: 'I have noted them' }).click();
    expect(await users.userByName('New One')).toMatchObject({ role: 'user' });
    expect(await users.client.expect(200, 'GET', '/devices')).toMatchObject({
      items: [{ mac: '001565aabb01', extension: '401' }],
    });
  });

  test('[USR-015] Export CSV is not offered to another administrator', async () => {
    const { id } = await users.userByName('Person 10');
    await users.client.expect(200, 'PATCH', '/users', { ids: [id], changes: { role: 'admin' } });
    await users.client.expect(200, 'POST', '/users/set-passwords', {
      ids: [id],
      web: { value: 'Second-Admin-2026' },
    });
    const other = await users.browser.open(users.daemon);
    await other.page.goto('/users');
    await other.logIn('210', 'Second-Admin-2026');
    await other.page.getByRole('row').filter({ hasText: 'Person 00' }).waitFor();
    expect(await other.page.getByRole('button', { name: 'Export CSV' }).count()).toBe(0);
    expect(await other.page.getByRole('button', { name: 'Add', exact: true }).count()).toBe(1);
    await other.close();
  });
});

describe('the administrator', () => {
  test('[UI-006] sets the own password in Users, with the current one, and stays logged in', async () => {
    await page.goto('/users?search=Administrator');
    await users.select('Administrator');
    await users.toolbarButton('Set passwords').click();
    const dialog = page.getByRole('dialog', { name: 'Set passwords' });
    const current = dialog.getByLabel('Your own current web password');
    await current.fill('not-the-password');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.getByText('The current password is wrong').waitFor();
    await current.fill(testAdminPassword);
    await dialog.getByRole('button', { name: 'OK' }).click();

    const shown = page.getByRole('dialog', { name: 'New passwords' });
    await shown.waitFor();
    const [password = ''] = await shown.locator('code').allInnerTexts();
    await shown.getByRole('button', { name: 'I have noted them' }).click();
    await users.rowOf('Administrator').waitFor();
    const other = await users.browser.open(users.daemon);
    await other.page.goto('/users');
    await other.logIn('admin', password);
    await other.page.getByRole('row').filter({ hasText: 'Person 00' }).waitFor();
    await other.close();
  });
});

test('nothing was blocked and no script failed', () => {
  expect(users.visitor.problems).toEqual([]);
});
