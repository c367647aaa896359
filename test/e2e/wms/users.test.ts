import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient, testAdminPassword } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';

interface UserOfApi {
  readonly id: string;
  readonly name: string;
  readonly department?: string;
  readonly language: string;
  readonly enabled: boolean;
  readonly role: string;
  readonly mobilePhone?: string;
}

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;

/** 45 people, three pages of twenty: Person 00 with extension 200 and so on. */
const people = Array.from({ length: 45 }, (_, index) => ({
  name: `Person ${String(index).padStart(2, '0')}`,
  extension: String(200 + index),
  department: index % 2 === 0 ? 'Sales' : 'Support',
}));

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  const csv = [
    'name,extension,department',
    ...people.map((person) => `${person.name},${person.extension},${person.department}`),
  ].join('\r\n');
  const preview = (await client.expect(200, 'POST', '/users/import/preview', csv)) as {
    importId: string;
  };
  await client.expect(200, 'POST', '/users/import', { importId: preview.importId });
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/users');
  await rowOf('Person 00').waitFor();
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

function rowOf(name: string): Locator {
  return page.getByRole('row').filter({ hasText: name });
}

function button(name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

function toolbarButton(name: string): Locator {
  return page.getByRole('toolbar').getByRole('button', { name, exact: true });
}

async function shownNames(): Promise<string[]> {
  return page.locator('tbody tr td:nth-child(3)').allInnerTexts();
}

async function select(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await page.getByLabel(`Select ${name}`, { exact: true }).check();
  }
}

async function userByName(name: string): Promise<UserOfApi> {
  const list = (await client.expect(200, 'GET', `/users?search=${encodeURIComponent(name)}`)) as {
    items: readonly UserOfApi[];
  };
  const [user] = list.items;
  if (user === undefined) {
    throw new Error(`There is no user ${name}.`);
  }
  return user;
}

describe('the table of users', () => {
  test('[UI-034] is paged by 20, 50 or 100 rows and never holds more', async () => {
    await page.getByText('1–20 of 46').waitFor();
    expect(await shownNames()).toHaveLength(20);
    await button('Next page').click();
    await page.getByText('21–40 of 46').waitFor();
    expect(page.url()).toContain('page=2');
    await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('50');
    await page.getByText('1–46 of 46').waitFor();
    expect(await shownNames()).toHaveLength(46);
  });

  test('[UI-034] is sorted by the server over all pages, both ways', async () => {
    await page.goto('/users');
    const header = page.getByRole('columnheader', { name: 'Name' });
    await header.getByRole('button').click();
    await rowOf('Administrator').first().waitFor();
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    await header.getByRole('button').click();
    await rowOf('Person 44').waitFor();
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    expect((await shownNames()).slice(0, 3)).toEqual(['Person 44', 'Person 43', 'Person 42']);
  });

  test('[UI-012] narrows while typing, on the server', async () => {
    await page.goto('/users');
    const search = page.getByRole('searchbox', { name: 'Search users' });
    await search.pressSequentially('sales');
    await page.getByText('1–20 of 23').waitFor();
    await search.pressSequentially(' 244');
    await page.getByText('1–1 of 1').waitFor();
    expect(await shownNames()).toEqual(['Person 44']);
    await search.fill('no such person');
    await page.getByText('Nothing matches').waitFor();
    await button('Show all').click();
    await page.getByText('1–20 of 46').waitFor();
  });

  test('[UI-034] is filtered by role, and the address keeps the view for a reload', async () => {
    await page.goto('/users');
    await page.getByLabel('Show only this role').selectOption('superadmin');
    await page.getByText('1–1 of 1').waitFor();
    await page.reload();
    await page.getByText('1–1 of 1').waitFor();
    expect(await shownNames()).toEqual(['Administrator']);
  });
});

describe('one user', () => {
  test('is added with the keyboard alone, and the focus comes back', async () => {
    await page.goto('/users');
    await rowOf('Person 00').waitFor();
    await toolbarButton('Add').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Add a user' }).waitFor();
    // The first field has the focus already.
    await page.keyboard.type('Keyla Board');
    await page.keyboard.press('Tab');
    await page.keyboard.type('301');
    await page.keyboard.press('Enter');

    const passwords = page.getByRole('dialog', { name: 'New passwords' });
    await passwords.waitFor();
    const shown = await passwords.locator('code').allInnerTexts();
    expect(shown).toHaveLength(2);
    expect(shown.every((password) => password.length >= 16)).toBe(true);
    await page.keyboard.press('Enter');

    await page.getByText('Keyla Board was added.').waitFor();
    await passwords.waitFor({ state: 'detached' });
    await expectFocus('Add');
    expect(await userByName('Keyla Board')).toMatchObject({ role: 'user', enabled: true });
  });

  test('[USR-002] is edited in the same fields as added', async () => {
    const fieldsOf = async (name: string): Promise<string[]> => {
      const dialog = page.getByRole('dialog', { name });
      await dialog.getByLabel('Name *').waitFor();
      const labels = await dialog.locator('[role=tabpanel] label, form label').allInnerTexts();
      return labels.filter((label, index) => labels.indexOf(label) === index).toSorted();
    };
    await toolbarButton('Add').click();
    const added = await fieldsOf('Add a user');
    await page
      .getByRole('dialog', { name: 'Add a user' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await page.goto(`/users/${(await userByName('Keyla Board')).id}`);
    const edited = await fieldsOf('Keyla Board');
    expect(edited).toEqual(added);
    await page.goto('/users');
    await rowOf('Person 00').waitFor();
  });

  test('without what is needed is not sent, and each empty field says so', async () => {
    await toolbarButton('Add').click();
    const dialog = page.getByRole('dialog', { name: 'Add a user' });
    await dialog.getByRole('button', { name: 'OK' }).click();
    expect(await dialog.getByText('A value is needed.').count()).toBe(2);
    await dialog.getByLabel('Role').selectOption('admin');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.getByText('A value is needed.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe(
      'true',
    );
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByRole('alertdialog', { name: 'Leave without saving?' })
      .getByRole('button', { name: 'Discard changes' })
      .click();
  });

  test('that clashes with another is refused beside the field, with the owner named', async () => {
    await toolbarButton('Add').click();
    const dialog = page.getByRole('dialog', { name: 'Add a user' });
    await dialog.getByLabel('Name *').fill('Second');
    await dialog.getByLabel('Extension *').fill('200');
    await dialog.getByRole('button', { name: 'OK' }).click();
    const field = dialog.getByLabel('Extension *');
    await dialog.getByText(/Person 00/).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = (await field.getAttribute('aria-describedby')) ?? '';
    const texts = await Promise.all(
      described.split(' ').map(async (id) => page.locator(`[id="${id}"]`).innerText()),
    );
    expect(texts.join(' ')).toContain('Person 00');
  });

  test('[UI-018] the browser asks before a reload drops the changes', async () => {
    const asked = page.waitForEvent('dialog');
    // Whether it reloads is decided by the question, which the reload waits for.
    const reload = page.evaluate(() => {
      setTimeout(() => {
        location.reload();
      });
    });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await reload;
    const dialog = page.getByRole('dialog', { name: 'Add a user' });
    expect(await dialog.getByLabel('Name *').inputValue()).toBe('Second');
  });

  test('[UI-018] Cancel drops the changes after a question', async () => {
    const dialog = page.getByRole('dialog', { name: 'Add a user' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await dialog.getByLabel('Name *').inputValue()).toBe('Second');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await question.getByRole('button', { name: 'Discard changes' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/users');
  });

  test('[UI-018] Apply saves and stays with a notice, OK saves and leaves', async () => {
    await rowOf('Person 03').getByRole('gridcell', { name: 'Person 03', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Person 03' });
    const apply = dialog.getByRole('button', { name: 'Apply' });
    expect(await apply.isDisabled()).toBe(true);
    await dialog.getByLabel('Mobile phone').fill('+39 333 123456');
    expect(await dialog.getByText('unsaved').count()).toBe(1);
    await apply.click();
    await page.getByText('Person 03 was saved.').waitFor();
    expect(await dialog.getByText('unsaved').count()).toBe(0);
    expect((await userByName('Person 03')).mobilePhone).toBe('+39 333 123456');

    await dialog.getByLabel('Department').fill('Warehouse');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await userByName('Person 03')).department).toBe('Warehouse');
  });

  test('that someone else changed meanwhile is not overwritten unseen', async () => {
    const { id } = await userByName('Person 05');
    await page.goto(`/users/${id}`);
    const dialog = page.getByRole('dialog', { name: 'Person 05' });
    await dialog.getByLabel('Department').fill('Mine');
    await client.expect(200, 'PATCH', '/users', { ids: [id], changes: { mobilePhone: '12345' } });
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.getByText(/Someone else changed this/).waitFor();
    expect(await dialog.getByLabel('Mobile phone').inputValue()).toBe('12345');
    expect(await dialog.getByLabel('Department').inputValue()).toBe('Mine');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await userByName('Person 05')).toMatchObject({
      department: 'Mine',
      mobilePhone: '12345',
    });
  });
});

describe('several users', () => {
  test('[UI-011] [USR-003] are edited at once; only the ticked fields change', async () => {
    await page.goto('/users');
    await select('Person 06', 'Person 07');
    // A selection lasts over pages.
    await button('Next page').click();
    await rowOf('Person 25').waitFor();
    await select('Person 25');
    await page.getByText('3 selected').waitFor();
    await toolbarButton('Edit').click();
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
      expect(await userByName(name)).toMatchObject({ language: 'it', department });
    }
    expect((await userByName('Person 08')).language).toBe('en');
  });

  test('[USR-008] [USR-009] get generated passwords, shown this once', async () => {
    await page.goto('/users');
    await select('Person 06', 'Person 07');
    await toolbarButton('Set passwords').click();
    await page
      .getByRole('dialog', { name: 'Set passwords' })
      .getByRole('button', { name: 'OK' })
      .click();
    const shown = page.getByRole('dialog', { name: 'New passwords of 2 users' });
    await shown.waitFor();
    const passwords = await shown.locator('code').allInnerTexts();
    expect(new Set(passwords).size).toBe(4);
    await shown.getByRole('button', { name: 'I have noted them' }).click();

    const login = await browser.open(daemon);
    await login.page.goto('/');
    await login.logIn('206', passwords[0] ?? '');
    await login.page
      .getByRole('heading', { name: /My calls|Le mie chiamate|Choose|Scegli/ })
      .waitFor();
    await login.close();
  });

  test('[UI-030] [USR-004] are deleted after a question that names them, and come back with Undo', async () => {
    await page.goto('/users');
    await select('Person 08', 'Person 09');
    await toolbarButton('Delete').click();
    const question = page.getByRole('alertdialog', { name: 'Delete 2 users?' });
    expect(await question.getByRole('listitem').allInnerTexts()).toEqual([
      'Person 08 (208)',
      'Person 09 (209)',
    ]);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await rowOf('Person 08').waitFor();

    await toolbarButton('Delete').click();
    await question.getByRole('button', { name: 'Delete 2 users' }).click();
    await page.getByText('2 users were deleted.').waitFor();
    await rowOf('Person 08').waitFor({ state: 'detached' });
    await button('Undo').click();
    await rowOf('Person 08').waitFor();
    await rowOf('Person 09').waitFor();
  });

  test('rows are moved through, selected and opened with the keyboard', async () => {
    await page.goto('/users');
    await rowOf('Person 01').focus();
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
    expect(await rowOf('Person 03').evaluate((row) => row === document.activeElement)).toBe(true);
  });
});

describe('files', () => {
  test('[USR-015] Export CSV saves every user', async () => {
    await page.goto('/users');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button('Export CSV').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^campanile-users-\d{4}-\d\d-\d\d\.csv$/);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('Person 44');
    expect(text.trim().split('\n').length).toBeGreaterThan(46);
  });

  test('a CSV file is previewed row by row, refused with its errors, then imported', async () => {
    await page.goto('/users');
    await button('Import').click();
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
    await dialog.getByLabel('Or paste the text').fill('name,extension\r\nNew One,401\r\n');
    await dialog.getByRole('button', { name: 'Check the file' }).click();
    await dialog.getByRole('button', { name: 'Import 1 user' }).click();
    const passwords = page.getByRole('dialog', { name: 'New passwords' });
    await passwords.getByText('New One').waitFor();
    await passwords.getByRole('button', { name: 'I have noted them' }).click();
    expect(await userByName('New One')).toMatchObject({ role: 'user' });
  });

  test('[USR-015] Export CSV is not offered to another administrator', async () => {
    const { id } = await userByName('Person 10');
    await client.expect(200, 'PATCH', '/users', { ids: [id], changes: { role: 'admin' } });
    await client.expect(200, 'POST', '/users/set-passwords', {
      ids: [id],
      web: { value: 'Second-Admin-2026' },
    });
    const other = await browser.open(daemon);
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
    await select('Administrator');
    await toolbarButton('Set passwords').click();
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
    await rowOf('Administrator').waitFor();
    const other = await browser.open(daemon);
    await other.page.goto('/users');
    await other.logIn('admin', password);
    await other.page.getByRole('row').filter({ hasText: 'Person 00' }).waitFor();
    await other.close();
  });
});

test('nothing was blocked and no script failed', () => {
  expect(visitor.problems).toEqual([]);
});

async function expectFocus(name: string): Promise<void> {
  await page.waitForFunction((text) => document.activeElement?.textContent.trim() === text, name);
}
