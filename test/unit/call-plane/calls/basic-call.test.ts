import { expect, test } from 'vitest';
import { CallPlaneHarness } from '../../../support/call-plane-harness.ts';
import { phoneSdp } from '../../../support/scripted-phone.ts';

test('sets up a call and ends it by the caller', () => {
  const pbx = new CallPlaneHarness();
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');

  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  bruno.lastIncoming.progress(180);
  pbx.run();
  bruno.lastIncoming.answer(phoneSdp(bruno.address));
  pbx.run();
  call.ack();
  pbx.run(1000);
  call.bye();
  pbx.run();

  expect(call.statuses).toBe('100 180 200 200');
  expect(bruno.lastIncoming.methods).toBe('INVITE ACK BYE');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord).toMatchObject({ outcome: 'answered', hangupSide: 'caller' });
});
