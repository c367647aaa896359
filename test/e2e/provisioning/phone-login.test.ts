/**
 * Phone login by questions: baresip dials the code, hears what it is asked and types on its keypad
 * (RFC 4733), sipp types by INFO.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip, type BaresipAccount } from '../../support/programs/baresip.ts';
import { curl } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { secondsOfTone } from '../../support/media-plane/hearing.ts';
import { Sipp } from '../../support/programs/sipp.ts';
import { waitUntil } from '../../support/wait-until.ts';

const anyVersion = { 'if-match': '*' };
const pin = '471147';
const wrongPin = '471148';
const within = { timeout: 15_000 };
/** What asks, what says yes and what says no. */
const [askHz, doneHz, refusedHz] = [750, 930, 425];

let daemon: TestDaemon;
let admin: ApiClient;
const phones: Baresip[] = [];
let serial = 0;

beforeAll(async () => {
  daemon = await startDaemon();
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});
afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
});
afterAll(() => daemon.remove());

/** Resolves with the extension. */
async function addUser(): Promise<string> {
  serial += 1;
  const extension = String(230 + serial);
  const answer = await admin.expect(201, 'POST', '/users', {
    name: `User ${extension}`,
    extension,
  });
  const { id } = (answer as { user: { id: string } }).user;
  await admin.expect(200, 'PATCH', `/users/${id}/phone-profile`, { pin }, anyVersion);
  return extension;
}

/** A phone of nobody, and the account that it fetches. */
async function addPhone(): Promise<{ readonly mac: string; readonly account: BaresipAccount }> {
  serial += 1;
  const mac = `805ec0aacc${String(serial).padStart(2, '0')}`;
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
  const { provisioningUrl } = revealed as { provisioningUrl: string };
  const userAgent = `Yealink SIP-T53W 96.87.0.16 ${mac}`;
  const { body } = await curl(`${provisioningUrl}${mac}.cfg`, { userAgent });
  const value = (name: string): string =>
    new RegExp(`^account\\.1\\.${name} = (\\S+)$`, 'm').exec(body)?.[1] ?? '';
  return {
    mac,
    account: {
      user: value('user_name'),
      authUser: value('auth_name'),
      password: value('password'),
      sipPort: daemon.sipPort,
      transport: 'udp',
    },
  };
}

const show = (mac: string) => admin.expect(200, 'GET', `/devices/${mac}`);

/** Somebody with an ear and a finger at a phone that dials the code. */
class Visitor {
  readonly #phone: Baresip;
  #heardUntil = 0;

  private constructor(phone: Baresip) {
    this.#phone = phone;
  }

  static async atPhone(account: BaresipAccount): Promise<Visitor> {
    const phone = await Baresip.start({ account, toneHz: 440 });
    phones.push(phone);
    return new Visitor(phone);
  }

  dial(number: string): void {
    this.#phone.command('dial', number);
  }

  /** Waits for that much of a tone in what was not yet listened to. */
  async hears(toneHz: number, seconds: number): Promise<void> {
    const from = this.#heardUntil;
    await waitUntil(
      () => secondsOfTone(this.#phone.heard(), toneHz, from) >= seconds,
      `${String(toneHz)} Hz is heard`,
    );
    this.#heardUntil = this.#phone.heard().samples.length;
  }

  async types(keys: string): Promise<void> {
    for (const key of keys.split('')) {
      await this.#phone.ask('sndcode', key);
    }
  }

  async isHungUpOn(): Promise<void> {
    await this.#phone.waitFor(/session closed|terminated/i);
  }
}

async function lastCall(): Promise<{
  readonly callRef: string;
  readonly codes: readonly string[];
}> {
  const list = await admin.expect(200, 'GET', '/call-records?pageSize=1');
  const { callRef = '' } = (list as { items: { callRef: string }[] }).items[0] ?? {};
  const record = await admin.expect(200, 'GET', `/call-records/${callRef}`);
  const { trace } = record as { trace: { code: string }[] };
  return { callRef, codes: trace.map(({ code }) => code) };
}

async function expectPinsNowhere(): Promise<void> {
  const kept = JSON.stringify([
    await admin.expect(200, 'GET', '/call-records'),
    await admin.expect(200, 'GET', `/call-records/${(await lastCall()).callRef}`),
    await admin.expect(200, 'GET', '/audit'),
    daemon.log,
  ]);
  expect(kept).not.toContain(pin);
  expect(kept).not.toContain(wrongPin);
}

test('[DEV-026] [CALL-055] [DECT-001] who dials the code hears what is asked, types it, and the phone is his', async () => {
  const extension = await addUser();
  const { mac, account } = await addPhone();
  const visitor = await Visitor.atPhone(account);

  visitor.dial('99');
  await visitor.hears(askHz, 0.15);
  await visitor.types(`${extension}#`);
  await visitor.hears(askHz, 0.3);
  await visitor.types(`${wrongPin}#`);
  await visitor.hears(refusedHz, 0.3);
  await visitor.hears(askHz, 0.15);
  expect(await show(mac)).toMatchObject({ users: [] });
  await visitor.types(extension);
  // Extension and PIN may be ended by a pause, too.
  await visitor.hears(askHz, 0.3);
  await visitor.types(pin);
  await visitor.hears(doneHz, 0.2);
  await visitor.isHungUpOn();

  await expect.poll(() => show(mac), within).toMatchObject({ extension });
  await expect.poll(lastCall, within).toMatchObject({
    codes: [
      'call-received',
      'phone-login-asks',
      'phone-login',
      'phone-login-refused',
      'phone-login-asks',
      'phone-login',
      'phone-login-done',
      'hung-up',
    ],
  });
  await expectPinsNowhere();
}, 60_000);

test('[CALL-055] three wrong PINs end the call, and count for the code that is dialled with the PIN', async () => {
  const extension = await addUser();
  const { mac, account } = await addPhone();
  const limits = { loginFailuresPerAccount: 3 };
  await admin.expect(200, 'PATCH', '/settings', limits, anyVersion);
  const visitor = await Visitor.atPhone(account);

  visitor.dial(`99*${extension}`);
  for (const next of [askHz, askHz, undefined]) {
    await visitor.hears(askHz, 0.3);
    await visitor.types(`${wrongPin}#`);
    await visitor.hears(refusedHz, 0.3);
    if (next !== undefined) {
      await visitor.hears(next, 0.15);
      await visitor.types(`${extension}#`);
    }
  }
  await visitor.isHungUpOn();
  await expect
    .poll(async () => (await lastCall()).codes.slice(-3), within)
    .toEqual(['phone-login-refused', 'phone-login-too-many', 'hung-up']);

  visitor.dial(`99*${extension}*${pin}`);
  await visitor.isHungUpOn();
  await expect
    .poll(async () => (await lastCall()).codes, within)
    .toEqual(['call-received', 'phone-login', 'phone-login-refused', 'hung-up']);
  expect(await show(mac)).toMatchObject({ users: [] });
  await expectPinsNowhere();
}, 60_000);

test('[SIP-026] a phone that sends its keys by INFO logs in as well', async () => {
  const extension = await addUser();
  const { mac, account } = await addPhone();
  const { user, password, authUser = '', sipPort } = account;
  const keys = `${extension}#${pin}#`
    .split('')
    .map((key, n) => pressByInfo(user, key, 3 + n, n % 2 === 0))
    .join('');

  const phone = await Sipp.start({
    scenario: 'caller-types-keys',
    sipPort,
    user,
    password,
    values: { TARGET: '99', EXTRA: 'Subject: test', KEYS: keys },
    more: ['-au', authUser],
  });
  await phone.succeeded();

  await expect.poll(() => show(mac), within).toMatchObject({ extension });
  await expectPinsNowhere();
}, 60_000);

/** An INFO of sipp in one of the two forms, and its answer. */
function pressByInfo(user: string, key: string, sequence: number, isRelayForm: boolean): string {
  const [type, body] = isRelayForm
    ? ['application/dtmf-relay', `Signal=${key}\nDuration=160`]
    : ['application/dtmf', key];
  return `
  <send retrans="500">
    <![CDATA[
      INFO [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      [routes]
      From: <sip:${user}@campanile.local>;tag=[pid]-from-[call_number]
      To: <sip:99@campanile.local>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: ${String(sequence)} INFO
      Contact: <sip:${user}@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Content-Type: ${type}
      Content-Length: [len]

${body}
    ]]>
  </send>
  <recv response="200"/>`;
}
