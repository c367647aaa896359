import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip } from '../../support/programs/baresip.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;
const phones: Baresip[] = [];
let anna: Baresip;
let eve: Baresip;

const hostileName = '<b id="hostile">Eve</b>';
const people = [
  { name: 'Anna Rossi', extension: '101' },
  { name: hostileName, extension: '102' },
  { name: 'Carla Neri', extension: '103' },
] as const;

const sipPassword = (extension: string): string => `Sip-Secret-${extension}-abcdef`;

async function startPhone(extension: string, toneHz: number): Promise<Baresip> {
  const password = sipPassword(extension);
  return Baresip.start({
    account: { user: extension, password, sipPort: daemon.sipPort, transport: 'udp' },
    toneHz,
  });
}

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  for (const person of people) {
    await client.expect(201, 'POST', '/users', {
      ...person,
      passwords: {
        sip: { value: sipPassword(person.extension) },
        web: { value: 'Own-Web-Pass-1' },
      },
    });
  }
  // Only audio that passes the system has a known quality.
  const settings = await client.send('GET', '/settings');
  await client.expect(
    200,
    'PATCH',
    '/settings',
    { mediaPolicy: 'anchored' },
    { 'if-match': String(settings.headers['etag']) },
  );
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/registrations');
});

afterAll(async () => {
  await Promise.all(phones.map(async (phone) => phone.stop()));
  await browser.close();
  await daemon.remove();
});

function rowOf(text: string): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

describe('registrations', () => {
  test('[DIAG-001] appear by themselves with address, phone, expiry and a total', async () => {
    await page.getByText('No phone is registered').waitFor();
    [anna, eve] = await Promise.all([startPhone('101', 500), startPhone('102', 700)]);
    phones.push(anna, eve);
    const row = rowOf('Anna Rossi');
    await row.waitFor();
    await rowOf('Eve').waitFor();
    await page.getByText('2 registrations').waitFor();
    const text = await row.innerText();
    expect(text).toContain('101');
    expect(text).toMatch(/127\.0\.0\.1:\d+/);
    expect(text).toContain('baresip');
    expect(text).toMatch(/\b\d{1,2}:\d\d\b/);
  });

  test('[DIAG-001] are shown with the user as well', async () => {
    await page.goto('/users');
    await rowOf('Anna Rossi').getByText('1 registered').waitFor();
    await rowOf('Carla Neri').getByText('Offline').waitFor();
    await rowOf('Anna Rossi').getByRole('gridcell', { name: 'Anna Rossi', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByText(/baresip/)
      .waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('active calls', () => {
  test('[DIAG-002] show from, to, state and a running duration as they happen', async () => {
    await page.goto('/calls');
    await page.getByText('No calls right now').waitFor();
    anna.command('dial', `sip:102@127.0.0.1:${String(daemon.sipPort)}`);
    const row = rowOf('Anna Rossi');
    await row.getByText('Ringing').waitFor();
    await eve.waitFor(/Incoming call/i);
    eve.command('accept');
    await row.getByText('In progress').waitFor();
    await page.waitForFunction(() =>
      /^0:0[2-9]$/.test(document.querySelector('tbody td.numeric')?.textContent.trim() ?? ''),
    );
    expect(await row.innerText()).toContain('101');
  });

  test('a name that came from outside is only ever text', async () => {
    expect(await rowOf('Anna Rossi').innerText()).toContain(hostileName);
    expect(await page.locator('#hostile').count()).toBe(0);
  });

  test('tell the quality of the audio of each side', async () => {
    await page.getByRole('button', { name: 'Show the audio of this call' }).click();
    const sheet = page.getByRole('dialog', { name: 'Audio of the call' });
    await sheet
      .getByText(/^4\.\d · good$/)
      .first()
      .waitFor();
    expect(await sheet.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Caller',
      'Called',
    ]);
    expect(await sheet.getByText(/received, .* sent/).count()).toBe(2);
    await page.keyboard.press('Escape');
  });

  test('[UI-019] hold still while Pause is ticked, until Refresh is pressed', async () => {
    await page.getByLabel('Pause').check();
    anna.command('hangup');
    await eve.waitFor(/terminated|Call with .* closed|session closed/i);
    const list = (await client.expect(200, 'GET', '/calls')) as { total: number };
    expect(list.total).toBe(0);
    await rowOf('Anna Rossi').getByText('In progress').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('No calls right now').waitFor();
    await page.getByLabel('Pause').uncheck();
  });

  test('are hung up after a question that names both sides', async () => {
    anna.command('dial', `sip:102@127.0.0.1:${String(daemon.sipPort)}`);
    await eve.waitFor(/Incoming call/i);
    eve.command('accept');
    await rowOf('Anna Rossi').getByText('In progress').waitFor();
    await page.getByRole('button', { name: 'Hang up' }).click();
    const question = page.getByRole('alertdialog', { name: 'Hang up this call?' });
    expect(await question.getByRole('listitem').innerText()).toBe(
      `Anna Rossi (101) → ${hostileName} (102)`,
    );
    await question.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call was hung up.').waitFor();
    await page.getByText('No calls right now').waitFor();
  });
});

describe('call history', () => {
  test('[DIAG-003] holds one record per call with its story and both legs', async () => {
    await page.goto('/call-history');
    await page.getByText('1–2 of 2').waitFor();
    await rowOf('Anna Rossi').first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('heading', { name: 'What happened' }).waitFor();
    const story = await sheet.getByRole('listitem').allInnerTexts();
    expect(story.map((step) => step.replace(/^[\d.]+ s\s*/, ''))).toEqual([
      '101 dials 102.',
      `102 belongs to ${hostileName}.`,
      expect.stringMatching(/ rings on 1 phone, for at most 60 s\.$/),
      expect.stringMatching(/ answers \(baresip .*\)\.$/),
      'The call is ended by an administrator.',
    ]);
    expect(await sheet.getByRole('article').count()).toBe(2);
    expect(await sheet.getByText(/^4\.\d · good$/).count()).toBe(2);
    expect(await sheet.getByText('an administrator', { exact: true }).count()).toBe(1);
    expect(await page.locator('#hostile').count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('[DIAG-003] a call to a user without a phone says so', async () => {
    anna.command('dial', `sip:103@127.0.0.1:${String(daemon.sipPort)}`);
    await page.getByText('1–3 of 3').waitFor();
    await page.getByLabel('Outcome').selectOption('failed');
    await page.getByText('1–1 of 1').waitFor();
    await rowOf('103').click();
    await page.getByRole('dialog').getByText('No phone of Carla Neri is registered.').waitFor();
    await page.keyboard.press('Escape');
  });

  test('[DIAG-003] is filtered by party and by day', async () => {
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('searchbox', { name: 'Name or number' }).fill('103');
    await page.getByText('1–1 of 1').waitFor();
    await page.getByRole('searchbox', { name: 'Name or number' }).fill('');
    await page.getByText('1–3 of 3').waitFor();
    await page.getByRole('textbox', { name: 'To day' }).fill('01/01/2020');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('textbox', { name: 'To day' }).fill('01/01/2100');
    await page.keyboard.press('Enter');
    await page.getByText('1–3 of 3').waitFor();
  });

  test('a user sees the own calls and nothing of the system', async () => {
    const own = await browser.open(daemon);
    await own.page.goto('/');
    await own.logIn('102', 'Own-Web-Pass-1');
    await own.page.getByRole('heading', { name: 'My calls' }).waitFor();
    await own.page.getByText('1–2 of 2').waitFor();
    const menu = own.page.getByRole('navigation', { name: 'Main menu' });
    expect(await menu.getByRole('link').allInnerTexts()).toEqual([
      'My calls',
      'My phonebook',
      'My account',
      'About',
    ]);
    await own.page.goto('/users');
    await own.page.getByText('This page is not there').waitFor();
    await own.close();
  });
});

test('nothing was blocked and no script failed', () => {
  expect(visitor.problems).toEqual([]);
});
