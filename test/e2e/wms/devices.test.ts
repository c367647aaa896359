/** The page Devices with the real daemon: curl is the phone that fetches, sipp the one that registers. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser } from '../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { curl } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { Sipp } from '../../support/programs/sipp.ts';
import { WmsBrowser, type WmsPage } from '../../support/programs/wms-browser.ts';
import { findAccessibilityProblems } from './accessibility.ts';

interface DeviceOfApi {
  readonly mac: string;
  readonly comment?: string;
  readonly model?: string;
  readonly extension?: string;
  readonly users: readonly { readonly name: string }[];
  readonly configuration: { readonly settings: Readonly<Record<string, unknown>> };
}

const desk = '805ec0aabb01';
const hall = '805ec0aabb02';
const snom = '000413aabb03';
const userAgent = `Yealink SIP-T53W 96.87.0.16 ${desk}`;

let daemon: TestDaemon;
let browser: WmsBrowser;
let visitor: WmsPage;
let page: Page;
let client: ApiClient;
/** Where the phone is registered from. */
let phonePort = 0;

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  client = new ApiClient(daemon);
  await client.firstLogin();
  await createUser(client, { name: 'Anna Bianchi', extension: '101' });
  await createUser(client, { name: 'Bruno Rossi', extension: '102' });
  visitor = await browser.open(daemon);
  page = visitor.page;
  await visitor.openAsAdmin('/devices');
});

afterAll(async () => {
  await browser.close();
  await daemon.remove();
});

function rowOf(text: string): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

function toolbarButton(name: string): Locator {
  return page.getByRole('main').getByRole('toolbar').getByRole('button', { name, exact: true });
}

function sheet(name: string): Locator {
  return page.getByRole('dialog', { name, exact: true });
}

async function select(...macs: readonly string[]): Promise<void> {
  for (const mac of macs) {
    await rowOf(mac).getByRole('checkbox').check();
  }
}

async function deviceOf(mac: string): Promise<DeviceOfApi> {
  return (await client.expect(200, 'GET', `/devices/${mac}`)) as DeviceOfApi;
}

/** What a phone does at its start; resolves with its own file. */
async function fetchFiles(mac: string): Promise<string> {
  const revealed = await client.expect(200, 'POST', `/devices/${mac}/reveal`);
  const { provisioningUrl } = revealed as { provisioningUrl: string };
  const answer = await curl(`${provisioningUrl}${mac}.cfg`, {
    userAgent: userAgent.replace(desk, mac),
  });
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('adding devices', () => {
  test('[DEV-001] an empty list says how the first phone arrives, and opens the window for it', async () => {
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = sheet('Add devices');
    // Nothing would answer a phone yet: that is mended on the spot.
    await dialog.getByRole('button', { name: 'Turn it on' }).click();
    await dialog.getByRole('button', { name: 'Turn it on' }).waitFor({ state: 'detached' });
    expect(await client.expect(200, 'GET', '/provisioning/settings')).toMatchObject({
      httpEnabled: true,
    });
    await dialog.getByLabel('Open for').selectOption({ label: '5 minutes' });
    await dialog.getByRole('button', { name: 'Open the window' }).click();
    await dialog.getByText('The window for new devices is open.').waitFor();
    expect(await client.expect(200, 'GET', '/provisioning/window')).toMatchObject({ isOpen: true });
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    // The page itself says so as long as it lasts.
    await page.getByText(/The window for new devices is open\..*Closes in/).waitFor();
    await page.getByRole('button', { name: 'Close the window' }).click();
    await page.getByText('The window for new devices is open.').waitFor({ state: 'detached' });
    expect(await client.expect(200, 'GET', '/provisioning/window')).toMatchObject({
      isOpen: false,
    });
  });

  test('[DEV-001] [DEV-003] [DEV-019] [DEV-021] they are added by MAC with the keyboard alone; a wrong word is named', async () => {
    await toolbarButton('Add').focus();
    await page.keyboard.press('Enter');
    const dialog = sheet('Add devices');
    await dialog.getByRole('tab', { name: 'By themselves' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const macs = dialog.getByLabel('MAC addresses, one or many');
    await macs.focus();
    await page.keyboard.type('80:5E:C0:AA:BB:01 805e.c0aa.bb02 nonsense');
    await dialog.getByRole('button', { name: 'Add 2 devices' }).press('Enter');
    await dialog.getByText('nonsense is no MAC address.').waitFor();
    await macs.fill(`80:5E:C0:AA:BB:01\n805e.c0aa.bb02`);
    await dialog.getByLabel('Comment').fill('Yealink');
    await dialog.getByRole('button', { name: 'Add 2 devices' }).press('Enter');
    await page.getByText('2 devices were added.').waitFor();

    await rowOf(desk).getByText('login1').waitFor();
    await rowOf(hall).getByText('login2').waitFor();
    expect(await rowOf(desk).innerText()).toContain('phone');
    expect(
      await rowOf(desk)
        .getByRole('button', { name: /^Show the password/ })
        .count(),
    ).toBe(0);

    await toolbarButton('Add').click();
    await dialog.getByRole('tab', { name: 'By MAC address' }).click();
    await macs.fill(desk);
    await dialog.getByRole('button', { name: 'Add 1 device' }).click();
    await dialog.getByText(/80:5e:c0:aa:bb:01: .*there already/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard changes' }).click();
  });

  test('[DEV-041] a CSV file is shown row by row with what is wrong, then imported', async () => {
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const dialog = sheet('Import devices');
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'devices.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        `mac,vendor,model,comment,extensions\r\n${snom},snom,D785,Warehouse,102\r\n00041Xaabb04,snom,,Broken,\r\n`,
      ),
    });
    const rows = dialog.getByRole('row');
    const broken = rows.filter({ hasText: 'Error' });
    await broken.waitFor();
    expect(await broken.innerText()).toContain('mac');
    expect(await dialog.getByRole('button', { name: /^Import/ }).isDisabled()).toBe(true);

    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog
      .getByLabel('Or paste the text')
      .fill(`mac,vendor,model,comment,extensions\r\n${snom},snom,D785,Warehouse,102\r\n`);
    await dialog.getByRole('button', { name: 'Check the file' }).click();
    await dialog.getByRole('button', { name: 'Import 1 device' }).click();
    await page.getByText('Devices imported: 1 new, 0 changed.').waitFor();
    expect(await deviceOf(snom)).toMatchObject({ extension: '102', comment: 'Warehouse' });

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^campanile-devices-\d{4}-\d\d-\d\d\.csv$/);
    expect(readFileSync(await download.path(), 'utf8')).toContain(desk);
  });
});

describe('the list', () => {
  test('[DEV-024] [DEV-040] is searched and filtered by the server; columns are chosen and stay chosen', async () => {
    await page.getByRole('searchbox', { name: 'Search devices' }).fill('rossi');
    await page.getByText('1–1 of 1').waitFor();
    await rowOf(snom).waitFor();
    await page.getByRole('searchbox', { name: 'Search devices' }).fill('');
    await page.getByLabel('Show only', { exact: true }).selectOption('waiting');
    await page.getByText('1–2 of 2').waitFor();
    await page.reload();
    await page.getByText('1–2 of 2').waitFor();
    expect(await rowOf(snom).count()).toBe(0);
    await page.getByLabel('Show only', { exact: true }).selectOption('');
    await page.getByText('1–3 of 3').waitFor();

    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('group', { name: 'Columns' }).getByLabel('Firmware').uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await rowOf(desk).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Firmware' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Default columns' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Firmware' }).waitFor();
  });

  test('is walked, selected and opened with the keyboard; tabs follow the arrows and have addresses', async () => {
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Clear selection' }).click();
    await rowOf(desk).focus();
    await page.keyboard.press('Enter');
    await sheet('Yealink').getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('End');
    await sheet('Yealink').getByRole('tab', { name: 'History', selected: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/devices/${desk}/history`);
    await page.keyboard.press('Escape');
    await sheet('Yealink').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/devices');
    expect(await rowOf(desk).evaluate((row) => row === document.activeElement)).toBe(true);
  });
});

describe('users of devices', () => {
  test('[DEV-014] [DEV-025] a device gets several users by the keyboard, a user several devices', async () => {
    await select(desk);
    await toolbarButton('Assign to user').click();
    const one = sheet('Yealink');
    const picker = one.getByRole('combobox', { name: /^Add a user to/ });
    await picker.and(page.locator(':focus')).waitFor();
    for (const name of ['anna', 'bruno']) {
      await picker.fill(name);
      await one
        .getByRole('option', { selected: true })
        .filter({ hasText: new RegExp(name, 'i') })
        .waitFor();
      await picker.press('Enter');
    }
    await one.getByRole('button', { name: 'Move Bruno Rossi up' }).click();
    await one.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Yealink was saved.').waitFor();
    expect((await deviceOf(desk)).users.map(({ name }) => name)).toEqual([
      'Bruno Rossi',
      'Anna Bianchi',
    ]);
    await page.keyboard.press('Escape');
    await rowOf(desk).getByText('+1 line').waitFor();

    await select(hall);
    await toolbarButton('Assign to user').click();
    const both = sheet('Assign 2 devices');
    await both
      .getByRole('region', { name: 'Yealink (80:5e:c0:aa:bb:02)' })
      .getByRole('combobox')
      .fill('101');
    await both.getByRole('option', { selected: true }).filter({ hasText: 'Anna' }).waitFor();
    await page.keyboard.press('Enter');
    await both.getByRole('button', { name: 'OK' }).click();
    await page.getByText('1 device was assigned.').waitFor();
    await rowOf(hall).getByText('Anna Bianchi').waitFor();
    expect((await deviceOf(hall)).extension).toBe('101');
    await page.getByRole('button', { name: 'Clear selection' }).click();
  });
});

describe('settings of devices', () => {
  test('[DEV-005] [DEV-007] [DEV-009] one is edited with the origin of each value, and a value is taken back', async () => {
    const group = (await client.expect(201, 'POST', '/device-groups', {
      name: 'Reception',
      settings: { 'network.voiceVlanId': 20 },
    })) as { id: string };
    await client.expect(200, 'PATCH', '/devices', {
      macs: [desk],
      changes: { groups: [group.id], comment: 'Front desk' },
    });
    await page.goto(`/devices/${desk}/settings`);
    const one = sheet('Front desk');
    await one.getByText('From the group Reception').waitFor();
    // A setting that the model has no parameter for is not offered as if it did something.
    expect(await one.getByLabel('SNMP access').count()).toBe(0);

    // A sign that turns the direction of writing; far above where Save is pressed.
    await one.getByRole('textbox', { name: 'Comment' }).fill('Front \u202edesk');
    await one.getByRole('textbox', { name: 'Voice VLAN ID' }).fill('4095');
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByText('Must not contain control characters').waitFor();
    await one.getByRole('textbox', { name: 'Comment' }).and(page.locator(':focus')).waitFor();
    await one.getByRole('textbox', { name: 'Comment' }).fill('Front desk');

    await one.getByRole('textbox', { name: 'Syslog server' }).fill('10.0.0.9');
    await one.getByRole('textbox', { name: 'DNS server', exact: true }).fill('10.0.0.2');
    await one.getByRole('textbox', { name: 'NTP server', exact: true }).fill('ntp.example.org');
    await one.getByText('4 settings changed').waitFor();
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByText('must be a whole number from 1 to 4094').waitFor();
    expect(
      await one.getByRole('textbox', { name: 'Voice VLAN ID' }).getAttribute('aria-invalid'),
    ).toBe('true');
    await one.locator('[aria-invalid="true"]:focus').waitFor();
    await one.getByRole('textbox', { name: 'Voice VLAN ID' }).fill('30');
    await one.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Front desk was saved.').waitFor();
    const kept = {
      'network.dns1': '10.0.0.2',
      'syslog.server': '10.0.0.9',
      'time.ntpServer1': 'ntp.example.org',
    };
    expect((await deviceOf(desk)).configuration.settings).toEqual({
      'network.voiceVlanId': 30,
      ...kept,
    });

    await one.getByRole('button', { name: 'Take Voice VLAN ID back to inherited' }).click();
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByText('From the group Reception').waitFor();
    await expect.poll(async () => (await deviceOf(desk)).configuration.settings).toEqual(kept);
  });

  test('leaving a tab with unsaved changes asks first', async () => {
    const one = sheet('Front desk');
    await one.getByLabel('Comment', { exact: true }).fill('Elsewhere');
    await one.getByRole('tab', { name: 'Files' }).click();
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await one.getByLabel('Comment', { exact: true }).inputValue()).toBe('Elsewhere');
    await one.getByRole('button', { name: 'Discard' }).click();
    await page.keyboard.press('Escape');
    await one.waitFor({ state: 'detached' });
  });

  test('what someone else set meanwhile is told beside the field that is being edited', async () => {
    const set = (comment: string) =>
      client.expect(200, 'PATCH', `/devices/${desk}`, { comment }, { 'if-match': '*' });
    try {
      await page.goto(`/devices/${desk}/settings`);
      const comment = page.getByRole('dialog').getByLabel('Comment', { exact: true });
      await comment.fill('Mine');
      await set('Theirs');
      await page.getByText('Someone else set this to “Theirs” in between.').waitFor();
      expect(await comment.inputValue()).toBe('Mine');
      await page.getByRole('button', { name: 'Discard' }).click();
      expect(await comment.inputValue()).toBe('Theirs');
      await page.goto('/settings/system/revisions?search=theirs');
      await page.getByRole('row').filter({ hasText: 'Device Theirs' }).first().waitFor();
    } finally {
      // Those that follow know it by its name.
      await set('Front desk');
      await page.goto('/devices');
    }
  });

  test('[DEV-002] [DEV-004] [DEV-006] several are edited at once: only what was chosen changes', async () => {
    await select(desk, hall);
    await toolbarButton('Edit').click();
    const many = sheet('Edit 2 devices');
    await many.getByLabel('none of these models knows').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await many.getByLabel('What to do with Tone zone').selectOption('own');
    await many.getByLabel('Tone zone', { exact: true }).selectOption({ label: 'Germany' });
    await many.getByLabel('What to do with Use DST').selectOption('own');
    await many.getByLabel('Use DST', { exact: true }).selectOption('false');
    await many.getByLabel('What to do with Syslog server').selectOption('inherit');
    await many.getByRole('button', { name: 'OK' }).click();
    await page.getByText('2 devices were changed.').waitFor();
    for (const mac of [desk, hall]) {
      const { settings } = (await deviceOf(mac)).configuration;
      expect(settings).toMatchObject({ 'phone.toneZone': 'DE', 'time.useDst': false });
      expect(settings).not.toHaveProperty('syslog.server');
      expect('network.dns1' in settings).toBe(mac === desk);
    }
    expect((await deviceOf(desk)).comment).toBe('Front desk');
    await page.getByRole('button', { name: 'Clear selection' }).click();
  });

  test('[DEV-060] [DEV-010] [DEV-011] a gateway is called one, and has the SIP firewall and SNMP among its fields', async () => {
    const [isdn, analogue] = ['9c7514aabb60', '9c7514aabb61'];
    for (const [mac, model] of [
      [isdn, 'W02BRI'],
      [analogue, 'W04FXS'],
    ]) {
      await client.expect(201, 'POST', '/devices', { macs: [mac], vendor: 'wp4x0', model });
    }
    await rowOf(isdn).getByText('gateway (W02BRI?)').waitFor();
    await rowOf(analogue).getByText('adapter (W04FXS?)').waitFor();

    await page.goto(`/devices/${isdn}/settings`);
    const one = page.getByRole('dialog');
    await one.getByLabel('SIP firewall', { exact: true }).selectOption('false');
    await one.getByLabel('SNMP access', { exact: true }).selectOption('true');
    await one.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await deviceOf(isdn)).configuration.settings)
      .toEqual({ 'sip.acceptFromServerOnly': false, 'snmp.enabled': true });

    await page.goto(`/devices/${analogue}/settings`);
    await one.getByLabel('Tone zone', { exact: true }).waitFor();
    expect(await one.getByLabel('SIP firewall', { exact: true }).count()).toBe(0);
    expect(await one.getByLabel('SNMP access', { exact: true }).count()).toBe(0);
    await client.expect(200, 'POST', '/devices/delete', { macs: [isdn, analogue] });
    await page.goto('/devices');
  });
});

describe('a phone that fetches and registers', () => {
  test('[DEV-019] [DEV-022] shows its real model and firmware, and is up to date', async () => {
    const file = await fetchFiles(desk);
    await page.goto('/devices');
    await rowOf(desk).getByText('T53W').waitFor();
    await rowOf(desk).getByText('96.87.0.16').waitFor();
    await rowOf(desk).getByText('Up to date').waitFor();
    const valueOf = (name: string): string =>
      new RegExp(`^account\\.1\\.${name} = (\\S+)$`, 'm').exec(file)?.[1] ?? '';
    const phone = await Sipp.start({
      scenario: 'register',
      sipPort: daemon.sipPort,
      user: valueOf('user_name'),
      password: valueOf('password'),
      values: { STATUS: '200' },
      more: ['-au', valueOf('auth_name')],
    });
    await phone.succeeded();
    phonePort = phone.port;
  });

  test('[DEV-018] turns green; hovering tells source port and transport', async () => {
    const status = rowOf(desk).getByTitle(/^Registered from 127\.0\.0\.1, port \d+, over UDP$/);
    await status.waitFor();
    expect(await status.getAttribute('title')).toContain(`port ${String(phonePort)},`);
    await rowOf(hall).getByTitle('Not registered').waitFor();
  });

  test('[DEV-023] shows its web password on request only, and that is noted', async () => {
    const file = await fetchFiles(desk);
    const password = /^static\.security\.user_password = admin:(\S+)$/m.exec(file)?.[1] ?? '';
    expect(await page.getByText(password).count()).toBe(0);
    await page.getByRole('button', { name: 'Show the password of Front desk' }).click();
    await rowOf(desk).getByText(password, { exact: true }).waitFor();
    const audit = (await client.expect(200, 'GET', '/audit')) as {
      items: { action: string; detail: string }[];
    };
    expect(audit.items).toContainEqual(
      expect.objectContaining({ action: 'device-password-shown', detail: desk }),
    );
  });

  test('the effective file names the origin of every line; secrets only come out audited', async () => {
    await page.goto(`/devices/${desk}/files`);
    const one = sheet('Front desk');
    const line = (text: string): Locator => one.getByRole('row').filter({ hasText: text });
    await line('vlan.internet_port_vid = 20').getByText('From the group Reception').waitFor();
    await line('voice.tone.country = Germany').getByText('Own value of this device').waitFor();
    expect(await line('account.1.password').innerText()).toContain('••••');
    await one.getByRole('button', { name: 'Show secrets' }).click();
    await one.getByText('Passwords are shown.').waitFor();
    expect(await line('account.1.password').innerText()).not.toContain('•');
    const audit = (await client.expect(200, 'GET', '/audit')) as { items: { action: string }[] };
    expect(audit.items.map(({ action }) => action)).toContain('device-files-shown');
  });

  test('[DEV-013] [DEV-043] Configure / Sync shows the difference first and tells what became of each device', async () => {
    await client.expect(200, 'PATCH', '/devices', {
      macs: [desk],
      changes: { settings: { 'phone.language': 'it' } },
    });
    await page.goto('/devices');
    await rowOf(desk).getByText('Out of date').waitFor();
    await select(desk, hall);
    await toolbarButton('Configure / Sync').click();
    const dialog = sheet('Configure / Sync 2 devices');
    await dialog.getByText('1 device is not registered').waitFor();
    const items = dialog.getByRole('listitem');
    await items.filter({ hasText: 'bb:01' }).getByRole('button', { name: 'Show changes' }).click();
    await dialog.getByText('lang.gui = Italian').waitFor();
    await dialog.getByText('lang.gui = English').waitFor();
    expect(await dialog.getByLabel('Also devices that are in a call').isChecked()).toBe(false);
    const phone = await Sipp.start({
      scenario: 'is-told-to-fetch',
      sipPort: daemon.sipPort,
      port: phonePort,
    });
    await dialog.getByRole('button', { name: 'Sync 2 devices' }).click();
    await items.filter({ hasText: 'bb:01' }).getByText('Told to fetch').waitFor();
    await items.filter({ hasText: 'bb:02' }).getByText('Not registered, cannot be told').waitFor();
    await dialog.getByText('1 of 2 devices will fetch').waitFor();
    expect((await phone.ended()).messages).toMatch(/^Event: check-sync;reboot=false\r?$/m);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Clear selection' }).click();

    // Seen without a reload: the page is told that the phone has fetched.
    await fetchFiles(desk);
    await rowOf(desk).getByText('Up to date').waitFor();
    await page.goto(`/devices/${desk}/changes`);
    await sheet('Front desk').getByText('Up to date').waitFor();
  });

  test('[DEV-038] after a reset to factory settings it is refused, which its page says, and let in again there', async () => {
    const bootstrap = `${daemon.httpUrl}/prov/${desk}.cfg`;
    expect(await curl(bootstrap, { userAgent })).toMatchObject({ status: 404 });
    await page.goto(`/devices/${desk}`);
    await sheet('Front desk')
      .getByText(/and was refused: without its secret address/)
      .waitFor();
    await sheet('Front desk').getByRole('button', { name: 'Let it in for 15 minutes' }).click();
    await sheet('Front desk')
      .getByText(/^It may fetch its files until/)
      .waitFor();
    expect(await client.expect(200, 'GET', '/provisioning/window')).toMatchObject({ macs: [desk] });
    expect(await curl(bootstrap, { userAgent })).toMatchObject({ status: 200 });
    await sheet('Front desk')
      .getByText(/and was refused/)
      .waitFor({ state: 'detached' });
    await client.expect(204, 'DELETE', '/provisioning/window');
    await page.keyboard.press('Escape');
  });

  test('[DEV-016] Reset password asks, draws a new secret address, and stands in the history', async () => {
    const before = await client.expect(200, 'POST', `/devices/${hall}/reveal`);
    await page.goto('/devices');
    await select(hall);
    await toolbarButton('Reset password').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Yealink has a new password').waitFor();
    const after = await client.expect(200, 'POST', `/devices/${hall}/reveal`);
    expect(after).not.toEqual(before);
    await page.goto(`/devices/${hall}/history`);
    await sheet('Yealink').getByText('Password reset').waitFor();
    await sheet('Yealink').getByText('Sync failed').waitFor();
  });
});

test('[DEV-012] deletion names the devices, and Undo brings them back as they were', async () => {
  await page.goto('/devices');
  await select(desk, snom);
  await toolbarButton('Delete').click();
  const question = page.getByRole('alertdialog', { name: 'Delete 2 devices?' });
  expect((await question.getByRole('listitem').allInnerTexts()).toSorted()).toEqual([
    'Front desk (80:5e:c0:aa:bb:01)',
    'Warehouse (00:04:13:aa:bb:03)',
  ]);
  await question.getByRole('button', { name: 'Delete 2 devices' }).click();
  await page.getByText('2 devices were deleted.').waitFor();
  await rowOf(desk).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await rowOf(desk).getByText('T53W').waitFor();
  await rowOf(snom).waitFor();
});

test('[DEV-012] a broken one is replaced with the keyboard: what is wrong is told first, and Undo brings it back', async () => {
  const spare = '805ec0aabb0f';
  const before = await deviceOf(desk);
  await client.expect(201, 'POST', '/devices', { macs: [spare], comment: 'Box 7' });
  await page.goto(`/devices/${desk}`);
  await sheet('Front desk').getByRole('button', { name: 'Replace …' }).press('Enter');
  const dialog = sheet('Replace Front desk');
  const mac = dialog.getByLabel('MAC address of the new device');
  await page.keyboard.type(desk);
  await dialog.getByText(`${desk} is the device itself`).waitFor();
  expect(await dialog.getByRole('button', { name: 'Replace', exact: true }).isDisabled()).toBe(
    true,
  );
  await dialog.getByRole('radio', { name: /^Box 7/ }).press('Space');
  expect(await mac.inputValue()).toBe('80:5e:c0:aa:bb:0f');
  await dialog.getByText(/^It is in the list/).waitFor();
  expect(await findAccessibilityProblems(page)).toEqual([]);
  await mac.press('Enter');
  await page.getByText('Front desk is now the device 80:5e:c0:aa:bb:0f.').waitFor();
  await page.waitForURL(new RegExp(`/devices/${spare}`));
  expect((await deviceOf(spare)).users).toEqual(before.users);
  expect((await client.send('GET', `/devices/${desk}`)).status).toBe(404);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('The change was taken back.').first().waitFor();
  expect((await deviceOf(desk)).users).toEqual(before.users);
  await client.expect(200, 'POST', '/devices/delete', { macs: [spare] });
});

test('[DEV-038] a device that may fetch without encryption is marked wherever it is shown', async () => {
  await client.expect(200, 'PATCH', '/devices', {
    macs: [snom],
    changes: { tftpException: true },
  });
  await page.goto('/devices');
  await rowOf(snom).getByText('May fetch without encryption.').waitFor({ state: 'attached' });
  await page.getByLabel('Show only', { exact: true }).selectOption('exception');
  await page.getByText('1–1 of 1').waitFor();
  await page.goto(`/devices/${snom}`);
  await sheet('Warehouse').getByText('May fetch without encryption.').waitFor();
});

test('[DEV-069] a model that knows no HTTPS asks for the exception until it has it', async () => {
  const withoutIt = /knows no HTTPS: it gets account and passwords only/;
  await client.expect(200, 'PATCH', '/devices', {
    macs: [snom],
    changes: { tftpException: false, vendor: 'snom-m3', model: 'M3' },
  });
  await page.goto(`/devices/${snom}`);
  await sheet('Warehouse').getByText(withoutIt).waitFor();
  await page.goto(`/devices/${snom}/settings`);
  await sheet('Warehouse').getByText(withoutIt).waitFor();
  await page.getByLabel('May fetch over').check();
  await sheet('Warehouse').getByText(withoutIt).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => deviceOf(snom)).toMatchObject({ tftpException: true });
});

test.each(['', 'settings', 'users', 'changes', 'files', 'custom', 'history'])(
  'the tab "%s" of a device has no accessibility problem a program can see',
  async (tab) => {
    await page.goto(`/devices/${desk}/${tab}`);
    await page.getByRole('tab', { selected: true }).waitFor();
    await page.getByText('Loading …').waitFor({ state: 'detached' });
    expect(await findAccessibilityProblems(page)).toEqual([]);
  },
);

test('nothing was blocked and no script failed', () => {
  expect(visitor.problems).toEqual([]);
});
