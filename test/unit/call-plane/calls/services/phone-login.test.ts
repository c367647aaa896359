/** Phone login by questions, over the call plane: keys of both kinds, the end at any moment. */
import { expect, test } from 'vitest';
import { readInfoDigit } from '../../../../../system/call-plane/calls/services/info-digit.ts';
import { CallPlaneHarness } from '../../../../support/call-plane/call-plane-harness.ts';
import type { PhoneCall } from '../../../../support/call-plane/phone-call.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

const mac = '001565aabb01';
const pin = '471147';

function dial(number: string) {
  const pbx = new CallPlaneHarness();
  pbx.addUser('201');
  const phone = pbx.addUnassignedDevice('login1', mac, '192.0.2.11');
  const call = phone.call(number, phoneSdp(phone.address));
  pbx.run();
  call.ack();
  pbx.run();
  const [end] = pbx.media.endpoints;
  const prompt = (): string | undefined => end?.service?.[0];
  /** Waits until the next look, and for what comes of it. */
  const type = async (keys: string): Promise<void> => {
    if (end !== undefined) {
      end.digits += keys;
    }
    await settle(pbx);
  };
  return { pbx, call, prompt, type, end };
}

async function settle(pbx: CallPlaneHarness): Promise<void> {
  pbx.run(100);
  // The answer of the management plane is a promise.
  await Promise.resolve();
  await Promise.resolve();
  pbx.run(100);
}

function sendInfo(pbx: CallPlaneHarness, call: PhoneCall, body: string): void {
  call.request('INFO', body, [['Content-Type', 'application/dtmf-relay']]);
  pbx.run();
}

const right = expect.objectContaining({ device: mac, login: { extension: '201', pin } }) as unknown;

test('[DEV-026] [CALL-055] asks for extension and PIN, logs in, tells so and hangs up', async () => {
  const { pbx, call, prompt, type } = dial('99');
  expect(call.statuses).toBe('100 200');
  expect(prompt()).toBe('ask-extension');

  await type('2');
  expect(prompt()).toBe('silence');
  await type('01#');
  expect(prompt()).toBe('ask-pin');
  await type(`${pin}#`);
  expect(pbx.phoneChanges).toEqual([right]);
  expect(prompt()).toBe('done-tone');
  pbx.run(3_000);

  expect(call.methods).toBe('BYE');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord).toMatchObject({
    outcome: 'answered',
    mediaMode: 'service',
    callee: { number: '99', name: 'done-tone' },
  });
  expect(pbx.lastRecord.trace.map(({ code }) => code)).toEqual([
    'call-received',
    'phone-login-asks',
    'phone-login',
    'phone-login-done',
    'hung-up',
  ]);
  expect(JSON.stringify(pbx.records)).not.toContain(pin);
});

test('ends extension and PIN by a pause, too, and takes what is typed ahead', async () => {
  const { pbx, call, type } = dial('99');
  await type(`201*${pin}`);
  pbx.run(4_000);
  await settle(pbx);

  expect(pbx.phoneChanges).toEqual([right]);
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
});

test('[CALL-055] hangs up after three wrong PINs', async () => {
  const { pbx, call, prompt, type } = dial('99');
  pbx.phoneLoginOutcome = 'refused';
  for (const next of ['ask-extension-again', 'ask-extension-again', 'login-refused']) {
    await type('201#');
    await type('000000#');
    expect(prompt()).toBe(next);
  }
  await type(`201#${pin}#`);
  pbx.run(4_000);

  expect(pbx.phoneChanges).toHaveLength(3);
  expect(call.methods).toBe('BYE');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord.trace.at(-2)).toMatchObject({ code: 'phone-login-too-many' });
});

test('hangs up on a caller who types nothing', () => {
  const { pbx, call, prompt } = dial('99');
  pbx.run(15_100);
  expect(prompt()).toBe('refused-tone');
  pbx.run(4_000);

  expect(call.methods).toBe('BYE');
  expect(pbx.phoneChanges).toEqual([]);
  pbx.expectNothingLeft(1);
});

test('[SIP-026] takes keys by INFO as well, and one that comes in both ways once', async () => {
  const { pbx, call, type, prompt } = dial('99*201');
  expect(prompt()).toBe('ask-pin');
  for (const key of `${pin}#`) {
    sendInfo(pbx, call, `Signal=${key}\r\nDuration=160\r\n`);
    expect(call.lastResponse.status).toBe(200);
    await type(key);
  }
  await settle(pbx);

  expect(pbx.phoneChanges).toEqual([right]);
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
});

test.each([
  ['while the first question is asked', ''],
  ['in the middle of the extension', '20'],
  ['while the PIN is asked for', '201#'],
  ['in the middle of the PIN', '201#47'],
  ['when it is known what came of it', `201#${pin}#`],
])('leaves nothing behind when the caller hangs up %s', async (_when, keys) => {
  const { pbx, call, type } = dial('99');
  await type(keys);
  const asked = pbx.phoneChanges.length;

  call.bye();
  pbx.run();

  pbx.expectNothingLeft(1);
  expect(pbx.phoneChanges).toHaveLength(asked);
});

test('leaves nothing behind when the caller hangs up while the PIN is checked', () => {
  const { pbx, call, end } = dial('99*201');
  if (end !== undefined) {
    end.digits = `${pin}#`;
  }
  pbx.run(100);
  expect(pbx.phoneChanges).toHaveLength(1);

  call.bye();
  pbx.run();

  pbx.expectNothingLeft(1);
});

test.each([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
  ['application/dtmf-relay', 'Duration = 100\r\nsignal = #', '#'],
  ['application/dtmf-relay', 'Signal=10\r\n', '*'],
  ['application/dtmf', '7', '7'],
  ['application/dtmf', '11\r\n', '#'],
  ['application/dtmf-relay', 'Signal=12345\r\n', undefined],
  ['application/dtmf-relay', 'Signal=A\r\n', undefined],
  ['application/dtmf', `${' '.repeat(300)}5`, undefined],
  ['application/media_control+xml', '5', undefined],
])('[SIP-026] an INFO with %s %j tells of key %s', (contentType, body, key) => {
  expect(readInfoDigit({ contentType, body: Buffer.from(body) })).toBe(key);
});
