/**
 * The page Firmware with the real daemon: images are uploaded in the browser; curl is the phone that
 * fetches, sipp the one that registers with its old and then its new firmware.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser } from '../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { curl } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { sha256Of, yealinkImage } from '../../support/provisioning/firmware-images.ts';
import { Sipp } from '../../support/programs/sipp.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

const oldVersion = '96.86.0.70';
const newVersion = '96.86.0.118';
const macs = ['805ec0aabb01', '805ec0aabb02', '805ec0aabb03'] as const;

interface Phone {
  readonly port: number;
  readonly user: string;
  readonly authName: string;
  readonly password: string;
}

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;
let folder: string;
const phones = new Map<string, Phone>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-images-'));
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  const settings = { httpEnabled: true };
  await client.expect(200, 'PATCH', '/provisioning/settings', settings, { 'if-match': '*' });
  for (const [index, mac] of macs.entries()) {
    const extension = String(101 + index);
    const id = await createUser(client, { name: `Desk ${extension}`, extension });
    await client.expect(201, 'POST', '/devices', { macs: [mac], lines: [id] });
    const file = await fetchConfiguration(mac, oldVersion);
    const valueOf = (name: string): string =>
      new RegExp(`^account\\.1\\.${name} = (\\S+)$`, 'm').exec(file)?.[1] ?? '';
    phones.set(mac, {
      port: 0,
      user: valueOf('user_name'),
      authName: valueOf('auth_name'),
      password: valueOf('password'),
    });
    await register(mac, oldVersion);
  }
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/firmware');
}, 120_000);

afterAll(async () => {
  await browser.close();
  await daemon.remove();
  rmSync(folder, { recursive: true, force: true });
});

const agentOf = (mac: string, version: string): string => `Yealink SIP-T54W ${version} ${mac}`;
const rowOf = (text: string): Locator => page.getByRole('row').filter({ hasText: text });

function phoneOf(mac: string): Phone {
  const phone = phones.get(mac);
  if (phone === undefined) {
    throw new Error(`no phone ${mac}`);
  }
  return phone;
}

async function fetchConfiguration(mac: string, version: string): Promise<string> {
  const revealed = await client.expect(200, 'POST', `/devices/${mac}/reveal`);
  const { provisioningUrl } = revealed as { provisioningUrl: string };
  const { status, body } = await curl(`${provisioningUrl}${mac}.cfg`, {
    userAgent: agentOf(mac, version),
  });
  expect(status).toBe(200);
  return body;
}

async function register(mac: string, version: string, expires = 300): Promise<void> {
  const phone = phoneOf(mac);
  const sipp = await Sipp.start({
    scenario: 'registers-as',
    sipPort: daemon.sipPort,
    user: phone.user,
    password: phone.password,
    values: { AGENT: agentOf(mac, version), EXPIRES: String(expires) },
    more: ['-au', phone.authName],
    ...(phone.port === 0 ? {} : { port: phone.port }),
  });
  await sipp.succeeded();
  phones.set(mac, { ...phone, port: sipp.port });
}

/** Waits for the NOTIFY, fetches configuration and image, and comes back with what it was told. */
async function update(mac: string, from: string, to: string, act: () => Promise<void>) {
  const { port } = phoneOf(mac);
  const told = await Sipp.start({ scenario: 'is-told-to-fetch', sipPort: daemon.sipPort, port });
  await act();
  await told.succeeded();
  const url = /static\.firmware\.url = (\S+)/.exec(await fetchConfiguration(mac, from))?.[1] ?? '';
  expect(url).toContain(`/T54W-${to}.rom`);
  expect((await curl(url, { userAgent: agentOf(mac, from), more: ['--head'] })).status).toBe(200);
  await register(mac, to);
}

function imageFile(version: string): { readonly path: string; readonly hash: string } {
  const image = yealinkImage({ hardware: 96, model: 'T54W', version, sizeBytes: 400_000 });
  const path = join(folder, `T54W-${version}.rom`);
  writeFileSync(path, image);
  return { path, hash: sha256Of(image) };
}

async function upload(path: string, hash?: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Upload firmware' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Upload firmware' });
  await dialog.getByLabel('File', { exact: true }).setInputFiles(path);
  if (hash !== undefined) {
    await dialog.getByLabel('Expected hash').fill(hash);
  }
  await dialog.getByRole('button', { name: 'Upload firmware' }).click();
  return dialog;
}

describe('the library', () => {
  test('[DEV-047] what is not firmware, or not what its hash says, is refused in words', async () => {
    await page.getByText('No firmware yet').waitFor();
    writeFileSync(join(folder, 'T54W-96.86.0.117.rom'), '<!doctype html><title>Login</title>');
    const dialog = await upload(join(folder, 'T54W-96.86.0.117.rom'));
    await dialog.getByRole('alert').getByText('the file is a web page').waitFor();
    await dialog.getByLabel('File', { exact: true }).setInputFiles(imageFile(newVersion).path);
    await dialog.getByLabel('Expected hash').fill('0'.repeat(64));
    await dialog.getByRole('button', { name: 'Upload firmware' }).click();
    await dialog.getByRole('alert').getByText('not the expected one').waitFor();
    await page.keyboard.press('Escape');
  });

  test('asks for what the file does not say', async () => {
    writeFileSync(join(folder, 'image.bin'), 'nobody knows what this is');
    const dialog = await upload(join(folder, 'image.bin'));
    await dialog.getByRole('alert').getByText('choose the vendor').waitFor();
    await dialog.getByLabel('Vendor').selectOption('snom');
    await dialog.getByLabel('snom D785').waitFor();
    await page.keyboard.press('Escape');
  });

  test('[DEV-047] an image is uploaded, recognised and activated', async () => {
    const { path, hash } = imageFile(newVersion);
    await upload(path, hash);
    const sheet = page.getByRole('dialog', { name: `Yealink ${newVersion}` });
    await sheet.getByText('Has the expected SHA-256').waitFor();
    await sheet.getByText('T53, T53W, T54W, T57W').waitFor();
    await sheet.getByRole('button', { name: 'Activate', exact: true }).click();
    await sheet.getByText('Devices may get it').waitFor();
    expect(await sheet.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await rowOf(newVersion).getByText('3 of 3 run an older version').waitFor();

    await upload(imageFile(oldVersion).path);
    const old = page.getByRole('dialog', { name: `Yealink ${oldVersion}` });
    await old.getByRole('button', { name: 'Activate', exact: true }).click();
    await old.getByText('Devices may get it').waitFor();
    await page.keyboard.press('Escape');
  });
});

test('[DEV-017] the list of devices marks those for which there is a newer one', async () => {
  await page.goto('/devices');
  for (const mac of macs) {
    await rowOf(mac).getByTitle(`Newer firmware in the library: ${newVersion}`).waitFor();
  }
});

describe('a rollout', () => {
  test('starts with one phone and goes on when it is back', async () => {
    await page.goto('/firmware');
    await page.getByRole('button', { name: `Start a rollout of ${newVersion}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a rollout' });
    await dialog.getByLabel('First device').selectOption(macs[1]);
    await dialog.getByLabel('Watch each step').fill('0');
    await dialog.getByLabel('Update only in these hours').uncheck();
    await dialog.getByLabel('Not back after').fill('1');
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await update(macs[1], oldVersion, newVersion, () =>
      dialog.getByRole('button', { name: 'Start a rollout' }).click(),
    );
    const sheet = page.getByRole('dialog', { name: `Yealink ${newVersion}` });
    await sheet.getByText('1 updated').first().waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('is halted and resumed by hand, and rolled back', async () => {
    const sheet = page.getByRole('dialog', { name: `Yealink ${newVersion}` });
    await sheet.getByRole('button', { name: 'Halt' }).click();
    await sheet.getByText('Halted by hand.').waitFor();
    await sheet.getByRole('button', { name: 'Roll back' }).click();
    await update(macs[1], newVersion, oldVersion, () =>
      page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click(),
    );
    await sheet.getByText('Rolled back', { exact: true }).waitFor();
    const { items } = (await client.expect(200, 'GET', `/devices/${macs[1]}/history`)) as {
      items: { kind: string }[];
    };
    expect(items.filter(({ kind }) => kind === 'firmware-updated')).toHaveLength(2);
  });

  test('[DEV-029] several phones are updated from the list of devices', async () => {
    await page.goto('/devices');
    await rowOf(macs[0]).getByRole('checkbox').check();
    await rowOf(macs[2]).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Update firmware' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText(`${oldVersion} → ${newVersion}`).first().waitFor();
    await update(macs[0], oldVersion, newVersion, () =>
      update(macs[2], oldVersion, newVersion, () =>
        question.getByRole('button', { name: 'Update firmware' }).click(),
      ),
    );
    await rowOf(macs[0]).getByText(newVersion).waitFor();
    await rowOf(macs[2]).getByText(newVersion).waitFor();
  });

  test('halts by itself when a phone is lost, and says why in the language of the page', async () => {
    const { port } = phoneOf(macs[1]);
    // It is told three times before it counts as lost.
    const refusing = await Sipp.start({
      scenario: 'refuses-to-fetch',
      sipPort: daemon.sipPort,
      port,
      calls: 3,
    });
    await page.goto('/firmware');
    await page.getByRole('button', { name: `Start a rollout of ${newVersion}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a rollout' });
    await dialog.getByLabel('Update only in these hours').uncheck();
    await dialog.getByRole('button', { name: 'Start a rollout' }).click();
    const sheet = page.getByRole('dialog', { name: `Yealink ${newVersion}` });
    await sheet.getByText('Halted: devices are lost.').waitFor({ timeout: 40_000 });
    await sheet.getByText('Lost 1 of 1 in step 1: 1 refused to update.').waitFor();
    await refusing.succeeded();

    const italian = await browser.open(daemon, { locale: 'it-IT', colorScheme: 'dark' });
    await italian.page.addInitScript(() => {
      localStorage.setItem('campanile.language', 'it');
    });
    await italian.openAsAdmin(new URL(page.url()).pathname);
    await italian.page.getByText('Ferma: ci sono dispositivi persi.').waitFor();
    await italian.page
      .getByText('Persi 1 su 1 nella fase 1: 1 ha rifiutato l’aggiornamento.')
      .first()
      .waitFor();
    expect(await findAccessibilityProblems(italian.page)).toEqual([]);
    await italian.close();

    await sheet.getByRole('button', { name: 'Cancel the rollout' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Cancel the rollout' }).click();
    await sheet.getByText('Cancelled', { exact: true }).waitFor();
    expect(visitor.problems).toEqual([]);
  });
});
