/** Phonebooks in the browser: a book is made, filled, searched, emptied and brought back. */
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

const vcards = [
  'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jörg Müller\r\nN:Müller;Jörg;;;\r\nORG:Groß & Söhne',
  'TEL;TYPE=WORK:+49 30 123456\r\nTEL;TYPE=CELL:+49 171 1234567\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Marco Rossi\r\nTEL;VALUE=uri;TYPE=home:tel:+39-06-7654321\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Broken\r\nTEL:not a number\r\nEND:VCARD\r\n',
].join('\r\n');

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  const client = new ApiClient(daemon);
  await client.firstLogin();
  await client.expect(201, 'POST', '/users', { name: 'Anna Verdi', extension: '101' });
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/phonebooks');
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

function rowOf(name: string): Locator {
  return page.getByRole('row').filter({ hasText: name });
}

async function press(name: string | RegExp): Promise<void> {
  await page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .last()
    .click();
}

describe('phonebooks', () => {
  test('colleagues are there by themselves', async () => {
    await rowOf('Anna Verdi').waitFor();
    expect(await rowOf('Anna Verdi').textContent()).toContain('101');
  });

  test('[BAK-022] a new phonebook takes vCards, tells what is wrong with one and imports the others', async () => {
    await press('New phonebook');
    await page.getByLabel('Name', { exact: true }).fill('Customers');
    await press('OK');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByLabel('Or paste the text').fill(vcards);
    await press('Check the file');
    await page.getByText('1 wrong, left out').waitFor();
    const preview = await page.getByRole('table', { name: 'What the import would do' }).innerText();
    await press('Import 2 contacts');
    await page.getByText('Contacts imported: 2 new, 0 changed.').first().waitFor();
    await rowOf('Jörg Müller').waitFor();

    expect(preview).toContain('“not a number” is not a phone number');
  });

  test('a contact gets a second number, and a wrong one is told beside it', async () => {
    await rowOf('Marco Rossi').click();
    await page.getByRole('button', { name: 'Add a number' }).click();
    await page.getByLabel('Number 2', { exact: true }).fill('call me');
    await press('OK');
    await page.getByText('“call me” is not a phone number').waitFor();
    await page.getByLabel('Number 2', { exact: true }).fill('06 1234567');
    await press('OK');
    await page.getByText('Marco Rossi was saved.').waitFor();

    // The list is fetched anew after the change.
    await rowOf('Marco Rossi').filter({ hasText: '06 1234567' }).waitFor();
  });

  test('the search folds umlauts and finds numbers', async () => {
    const search = page.getByRole('searchbox');
    await search.fill('muller');
    await rowOf('Marco Rossi').waitFor({ state: 'detached' });
    expect(await rowOf('Jörg Müller').count()).toBe(1);
    await search.fill('7654321');
    await rowOf('Marco Rossi').waitFor();
    expect(await rowOf('Jörg Müller').count()).toBe(0);
    await search.fill('');
    await rowOf('Jörg Müller').waitFor();
  });

  test('what was deleted comes back with Undo, and the history shows both', async () => {
    await page.getByRole('checkbox', { name: 'Select Jörg Müller' }).check();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await press('Delete the contact');
    await rowOf('Jörg Müller').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await rowOf('Jörg Müller').waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'History' }).click();
    const history = page.getByRole('dialog');
    await history.getByText('Jörg Müller deleted').waitFor();

    expect(await history.getByText('2 contacts imported').count()).toBe(1);
    expect(await history.getByText('Taken back', { exact: true }).count()).toBe(1);
    await history.getByRole('button', { name: 'Close' }).last().click();
  });

  test('pages and sheets are accessible and say nothing to the console', async () => {
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await rowOf('Marco Rossi').click();
    await page.getByLabel('First name').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'LDAP' }).click();
    await page.getByText('The LDAP server is off.').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('link', { name: 'Settings' }).click();
    const enabled = page.locator('[data-field="ldapEnabled"]').getByRole('switch');
    await expect.poll(() => enabled.evaluate((one) => one === document.activeElement)).toBe(true);
    const box = await enabled.boundingBox();
    expect(box?.y).toBeLessThan(page.viewportSize()?.height ?? 0);

    expect(visitor.problems).toEqual([]);
  });

  test('the own phonebook begins empty and takes a contact', async () => {
    await page.goto('/my/phonebook');
    await page.getByText('No contacts yet').waitFor();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill('Dentist');
    await page.getByLabel('Number 1', { exact: true }).fill('06 555 1234');
    await press('OK');
    await rowOf('Dentist').waitFor();

    expect(await rowOf('Dentist').textContent()).toContain('06 555 1234');
  });
});
