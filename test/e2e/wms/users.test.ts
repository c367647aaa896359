import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
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

describe('the table of users', () => {
  test('[UI-034] is paged by 20, 50 or 100 rows and never holds more', async () => {
    await page.getByText('1–20 of 46').waitFor();
    expect(await users.shownNames()).toHaveLength(20);
    await users.button('Next page').click();
    await page.getByText('21–40 of 46').waitFor();
    expect(page.url()).toContain('page=2');
    await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('50');
    await page.getByText('1–46 of 46').waitFor();
    expect(await users.shownNames()).toHaveLength(46);
  });

  test('[UI-034] is sorted by the server over all pages, both ways', async () => {
    await page.goto('/users');
    const header = page.getByRole('columnheader', { name: 'Name' });
    await header.getByRole('button').click();
    await users.rowOf('Administrator').first().waitFor();
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    await header.getByRole('button').click();
    await users.rowOf('Person 44').waitFor();
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    expect((await users.shownNames()).slice(0, 3)).toEqual(['Person 44', 'Person 43', 'Person 42']);
  });

  test('[UI-012] narrows while typing, on the server', async () => {
    await page.goto('/users');
    const search = page.getByRole('searchbox', { name: 'Search users' });
    await search.pressSequentially('sales');
    await page.getByText('1–20 of 23').waitFor();
    await search.pressSequentially(' 244');
    await page.getByText('1–1 of 1').waitFor();
    expect(await users.shownNames()).toEqual(['Person 44']);
    await search.fill('no such person');
    await page.getByText('Nothing matches').waitFor();
    await users.button('Show all').click();
    await page.getByText('1–20 of 46').waitFor();
  });

  test('[UI-034] is filtered by role, and the address keeps the view for a reload', async () => {
    await page.goto('/users');
    await page.getByLabel('Show only this role').selectOption('superadmin');
    await page.getByText('1–1 of 1').waitFor();
    await page.reload();
    await page.getByText('1–1 of 1').waitFor();
    expect(await users.shownNames()).toEqual(['Administrator']);
  });
});

describe('one user', () => {
  test('is added with the keyboard alone, and the focus comes back', async () => {
    await page.goto('/users');
    await users.rowOf('Person 00').waitFor();
    await users.toolbarButton('Add').focus();
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
    expect(await users.userByName('Keyla Board')).toMatchObject({ role: 'user', enabled: true });
  });

  test('[USR-002] is edited in the same fields as added', async () => {
    const fieldsOf = async (name: string): Promise<string[]> => {
      const dialog = page.getByRole('dialog', { name });
      await dialog.getByLabel('Name *').waitFor();
      const labels = await dialog.locator('[role=tabpanel] label, form label').allInnerTexts();
      return labels.filter((label, index) => labels.indexOf(label) === index).toSorted();
    };
    await users.toolbarButton('Add').click();
    const added = await fieldsOf('Add a user');
    await page
      .getByRole('dialog', { name: 'Add a user' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await page.goto(`/users/${(await users.userByName('Keyla Board')).id}`);
    const edited = await fieldsOf('Keyla Board');
    expect(edited).toEqual(added);
    await page.goto('/users');
    await users.rowOf('Person 00').waitFor();
  });

  test('without what is needed is not sent, and each empty field says so', async () => {
    await users.toolbarButton('Add').click();
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
    await users.toolbarButton('Add').click();
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
    await users
      .rowOf('Person 03')
      .getByRole('gridcell', { name: 'Person 03', exact: true })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Person 03' });
    const apply = dialog.getByRole('button', { name: 'Apply' });
    expect(await apply.isDisabled()).toBe(true);
    await dialog.getByLabel('Mobile phone').fill('+39 333 123456');
    expect(await dialog.getByText('unsaved').count()).toBe(1);
    await apply.click();
    await page.getByText('Person 03 was saved.').waitFor();
    expect(await dialog.getByText('unsaved').count()).toBe(0);
    expect((await users.userByName('Person 03')).mobilePhone).toBe('+39 333 123456');

    await dialog.getByLabel('Department').fill('Warehouse');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await users.userByName('Person 03')).department).toBe('Warehouse');
  });

  test('that someone else changed meanwhile is not overwritten unseen', async () => {
    const { id } = await users.userByName('Person 05');
    await page.goto(`/users/${id}`);
    const dialog = page.getByRole('dialog', { name: 'Person 05' });
    await dialog.getByLabel('Department').fill('Mine');
    await users.client.expect(200, 'PATCH', '/users', {
      ids: [id],
      changes: { mobilePhone: '12345' },
    });
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.getByText(/Someone else changed this/).waitFor();
    expect(await dialog.getByLabel('Mobile phone').inputValue()).toBe('12345');
    expect(await dialog.getByLabel('Department').inputValue()).toBe('Mine');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await users.userByName('Person 05')).toMatchObject({
      department: 'Mine',
      mobilePhone: '12345',
    });
  });
});

test('nothing was blocked and no script failed', () => {
  expect(users.visitor.problems).toEqual([]);
});

async function expectFocus(name: string): Promise<void> {
  await page.waitForFunction((text) => document.activeElement?.textContent.trim() === text, name);
}
