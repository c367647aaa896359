import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;

const paths = [
  '/',
  '/users',
  '/users/new',
  '/registrations',
  '/calls',
  '/call-history',
  '/settings/pbx',
  '/settings/system/parts',
  '/settings/system/revisions',
  '/settings/system/revisions/1',
  '/settings/system/audit',
  '/settings/system/tokens',
  '/settings/tools/configuration',
  '/my/calls',
  '/my/account',
  '/about',
  '/no/such/page',
] as const;

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  const client = new ApiClient(daemon);
  await client.firstLogin();
  await client.expect(201, 'POST', '/users', { name: 'Anna Rossi', extension: '101' });
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/');
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

async function open(path: string, on: Page = page): Promise<void> {
  await on.goto(path);
  await on.locator('h1, dialog h2, .empty h2').first().waitFor();
  await on.waitForLoadState('networkidle');
}

describe('every page', () => {
  test('[UI-007] prints the version at the upper right', async () => {
    for (const path of paths) {
      await open(path);
      const version = page.getByRole('link', {
        name: /^Version v\d+\.\d+\.\d+$/,
        includeHidden: true,
      });
      const box = await version.boundingBox();
      expect(box, path).not.toBeNull();
      expect(box?.y, path).toBeLessThan(50);
      expect(box?.x, path).toBeGreaterThan(640);
    }
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'has names, labels, order and contrast, %s and %i pixels wide',
    async (colorScheme, width) => {
      const guest = await browser.open(daemon, { colorScheme, width });
      await guest.page.goto('/');
      await guest.page.locator('input[autocomplete=username]').waitFor();
      expect(await findAccessibilityProblems(guest.page), 'login').toEqual([]);
      await guest.openAsAdmin('/');
      for (const path of paths) {
        await open(path, guest.page);
        expect(await findAccessibilityProblems(guest.page), path).toEqual([]);
        const overflow = await guest.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${path} is wider than the screen`).toBe(0);
      }
      expect(guest.problems).toEqual([]);
      await guest.close();
    },
  );
});

test('the check of names, labels and contrast sees what it is meant to see', async () => {
  const guest = await browser.open(daemon);
  await guest.page.goto('/');
  await guest.page.locator('input[autocomplete=username]').waitFor();
  await guest.page.evaluate(() => {
    const main = document.querySelector('main');
    const button = document.createElement('button');
    const field = document.createElement('input');
    field.setAttribute('aria-describedby', 'nowhere');
    const faint = document.createElement('p');
    faint.textContent = 'faint';
    faint.style.setProperty('color', '#bbbbbb');
    const heading = document.createElement('h4');
    heading.textContent = 'Too deep';
    main?.append(button, field, faint, heading);
  });
  const problems = await findAccessibilityProblems(guest.page);
  expect(problems.map((problem) => problem.replace(/[:(].*/, '').trim())).toEqual(
    expect.arrayContaining([
      'no name',
      'aria-describedby leads nowhere',
      'contrast 1.92',
      'heading level jumps from 1 to 4',
    ]),
  );
  await guest.close();
});

describe('the menu', () => {
  test('has the sections of the product with the pages that work', async () => {
    await open('/');
    const menu = page.getByRole('navigation', { name: 'Main menu' });
    expect(await menu.getByRole('heading').allInnerTexts()).toEqual([
      'Users',
      'Devices',
      'Device configuration',
      'Calls and phones',
      'Settings',
      'System',
      'Tools and utilities',
      'Personal',
    ]);
    const links = await menu.getByRole('link').all();
    for (const link of links) {
      await link.click();
      await page.locator('h1').first().waitFor();
      expect(await link.getAttribute('aria-current')).toBe('page');
    }
    expect(links.length).toBe(26);
  });

  test('back and forward of the browser lead through the pages', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Registrations', exact: true }).click();
    await page.getByRole('heading', { name: 'Registrations' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: 'Registrations' }).waitFor();
  });

  test('begins a page anew that is shown already', async () => {
    await open('/users?search=nobody');
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'Built-in administrator' }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    expect(new URL(page.url()).search).toBe('');
  });

  test('on a narrow screen opens and closes with its button', async () => {
    const narrow = await browser.open(daemon, { width: 390 });
    await narrow.openAsAdmin('/');
    const menu = narrow.page.getByRole('navigation', { name: 'Main menu' });
    expect(await menu.isVisible()).toBe(false);
    await narrow.page.getByRole('button', { name: 'Open the menu' }).click();
    await menu.getByRole('link', { name: 'Users', exact: true }).click();
    await narrow.page.getByRole('heading', { name: 'Users' }).first().waitFor();
    await menu.waitFor({ state: 'hidden' });
    await narrow.close();
  });
});

describe('language and appearance', () => {
  test('an Italian browser gets an Italian login; the choice of a language lasts', async () => {
    const italian = await browser.open(daemon, { locale: 'it-IT' });
    await italian.page.goto('/users');
    await italian.page.getByRole('heading', { name: 'Benvenuto' }).waitFor();
    await italian.page.getByRole('button', { name: 'Lingua' }).click();
    await italian.page.getByRole('menuitemradio', { name: 'Italiano' }).click();
    await italian.openAsAdmin('/users');
    await italian.page.getByRole('heading', { name: 'Utenti', level: 1 }).waitFor();
    expect(await italian.page.locator('html').getAttribute('lang')).toBe('it');
    await italian.page.getByRole('button', { name: 'Lingua' }).click();
    await italian.page.getByRole('menuitemradio', { name: 'English' }).click();
    await italian.page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await italian.page.reload();
    await italian.page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await italian.close();
  });

  test('is dark when the system is, and light when chosen, also after a reload', async () => {
    const night = await browser.open(daemon, { colorScheme: 'dark' });
    const brightness = async (): Promise<number> =>
      night.page.evaluate(() => {
        const [red = '0'] =
          getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g) ?? [];
        return Number(red);
      });
    await night.openAsAdmin('/');
    expect(await brightness()).toBeLessThan(60);
    await night.page.getByRole('button', { name: 'Appearance' }).click();
    await night.page.getByRole('menuitemradio', { name: 'Light' }).click();
    expect(await brightness()).toBeGreaterThan(200);
    await night.page.reload();
    await night.page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    expect(await brightness()).toBeGreaterThan(200);
    await night.close();
  });
});

describe('services', () => {
  test('[DIAG-013] every part is shown with its state, and its log level is changed', async () => {
    await open('/settings/system/parts');
    const part = page.getByRole('article', { name: 'Audio' });
    await part.getByText('Running').waitFor();
    expect(await page.getByRole('article').count()).toBeGreaterThan(4);
    await part.getByLabel('Log level').selectOption('debug');
    await page.getByText('Audio: log level changed.').waitFor();
    await page.reload();
    await part.waitFor();
    expect(await part.getByLabel('Log level').inputValue()).toBe('debug');
  });

  test('[DIAG-013] a part is restarted; the page loses the connection and heals by itself', async () => {
    await open('/settings/system/parts');
    const part = page.getByRole('article', { name: 'Management and web' });
    await part.getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('article')].some(
        (article) =>
          article.textContent.includes('Management and web') &&
          /Restarts\s*1/.test(article.textContent),
      ),
    );
    await page.getByText('Connection lost.').waitFor({ state: 'detached' });
    await part.getByText('Running').waitFor();
  });
});

test('[UI-025] About shows product, version and the licence', async () => {
  await open('/about');
  const text = await page.locator('main').innerText();
  expect(text).toContain('Campanile');
  expect(text).toMatch(/Version \d+\.\d+\.\d+/);
  expect(text).toContain('Apache License');
});

test('nothing was blocked and no script failed', () => {
  expect(visitor.problems).toEqual([]);
});
