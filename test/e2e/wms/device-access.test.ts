/** The page Device access and the tab Access of a device, with a portal that answers as recorded. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import {
  CertificateMaker,
  type MadeCertificate,
} from '../../support/programs/certificate-maker.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { RedirectionPeer } from '../../support/provisioning/redirection-peer.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let maker: CertificateMaker;
let authority: MadeCertificate;
let portal: RedirectionPeer;

beforeAll(async () => {
  maker = new CertificateMaker();
  authority = maker.authority('/O=Example/CN=Example Phone Root');
  const extension = 'subjectAltName=DNS:localhost';
  portal = await RedirectionPeer.start(
    'portal',
    maker.leaf('/CN=localhost', authority, undefined, extension),
  );
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  const client = new ApiClient(daemon);
  await client.firstLogin();
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/device-access');
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
  await portal.close();
  maker.remove();
});

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const dialog = (): Locator => page.getByRole('dialog');

test('doors are off at first and opened by a switch', async () => {
  const connect = page.getByLabel('Connect', { exact: true });
  expect(await connect.isChecked()).toBe(false);
  expect(await findAccessibilityProblems(page)).toEqual([]);

  await connect.check();
  await page.getByLabel('Uploads by devices').check();
  await button('Apply').click();

  await page.getByText('Device access saved.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Connect', { exact: true }).isChecked()).toBe(true);
});

test('[DEV-056] a port that another program has is told beside its switch, and tried again', async () => {
  const other = createSocket('udp4');
  other.bind(0);
  await once(other, 'listening');
  await page.getByRole('switch', { name: 'Receive logs (syslog)' }).check();
  await page.getByLabel('Port of syslog').fill(String(other.address().port));
  await button('Apply').click();
  const fault = page.locator('[data-field="syslogEnabled"]').getByRole('alert');
  await fault.getByText(/Another program has this port/).waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);

  other.close();
  await once(other, 'close');
  await fault.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('It is open now.').waitFor();
  await fault.waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: 'Receive logs (syslog)' }).uncheck();
  await button('Apply').click();
});

test('[DEV-038] the certificate of a maker is uploaded, shown with its expiry and deleted', async () => {
  const file = join(tmpdir(), `campanile-root-${String(process.pid)}.pem`);
  writeFileSync(file, authority.certificate);
  await page.locator('input[type=file]').setInputFiles(file);

  await page.getByText('One certificate authority added.').waitFor();
  await page.getByText('Example Phone Root', { exact: true }).waitFor();
  await button('Delete Example Phone Root').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('None yet: no device certificate is believed.').waitFor();
});

test('[DEV-015] Sync from portal brings the assigned devices, and each tells where it is registered', async () => {
  await button('Edit Portal').click();
  await dialog().getByLabel('Use this service').check();
  await dialog().getByLabel('Secret or token').fill('Portal-Token-4711');
  await dialog().getByLabel('Address', { exact: true }).fill(portal.address);
  await dialog().getByLabel('Certificate authority').fill(authority.certificate);
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'OK' }).click();
  await dialog().waitFor({ state: 'detached' });

  await button('Test Portal').click();
  await page.getByText(/The token is accepted; the portal assigned 2 devices/).waitFor();
  await button('Sync from portal').click();
  await page.getByText('The portal assigned 2 devices; 2 are new.').waitFor();
  await expect
    .poll(
      async () => {
        await button('Refresh').click();
        return page.getByRole('cell', { name: /Registered/ }).count();
      },
      { timeout: 20_000 },
    )
    .toBe(2);
  expect(await findAccessibilityProblems(page)).toEqual([]);

  await page.goto('/devices/001565aabb01/access');
  await page.getByRole('cell', { name: /Registered/ }).waitFor();
  await page.getByText('Nobody knows the address of the device yet.').waitFor();
  await page.getByText('The device stored nothing here.').waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  expect(visitor.problems).toEqual([]);
});
