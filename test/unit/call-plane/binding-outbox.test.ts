import { expect, test } from 'vitest';
import {
  BindingOutbox,
  fromBindingRecord,
  toBindingRecord,
} from '../../../system/call-plane/binding-outbox.ts';
import type { Binding } from '../../../system/call-plane/registrar/binding.ts';
import type { UserId } from '../../../system/foundation/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const binding: Binding = {
  userId: 'u-1' as UserId,
  contact: 'sip:1001@10.0.0.4:5060;transport=tcp',
  flow: {
    protocol: 'tcp',
    localAddress: '10.0.0.1',
    localPort: 5060,
    remoteAddress: '10.0.0.4',
    remotePort: 40_000,
  },
  callId: 'phone-1',
  cseq: 7,
  q: 0.5,
  expiresAtMs: 2_000,
  registeredAtMs: 1_000,
  userAgent: 'Phone/1.0',
  instanceId: '<urn:uuid:1>',
  // RFC 5626: without it a second flow of the same phone would replace the first.
  regId: 2,
  device: '001122334455',
};

test('a registration leaves within a tenth of a second; a flood is gathered for a second', () => {
  const clock = new FakeClock();
  const sent: number[] = [];
  const outbox = new BindingOutbox(clock, ({ updated, removed }) => {
    sent.push(updated.length + removed.length);
  });
  const register = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      const contact = `sip:${String(index)}@10.0.0.4`;
      outbox.add({ updated: [{ ...binding, contact }], removed: [] });
    }
  };

  register(1);
  clock.advance(100);
  expect(sent).toEqual([1]);

  register(40);
  clock.advance(100);
  register(40);
  clock.advance(900);
  expect(sent).toEqual([1, 40]);
  register(60);
  clock.advance(100);
  expect(sent).toEqual([1, 40, 60]);

  register(3);
  clock.advance(1_000);
  register(2);
  clock.advance(100);
  expect(sent).toEqual([1, 40, 60, 3, 2]);
});

test('a registration comes back from its stored record as it was, without its connection', () => {
  const stored = JSON.parse(JSON.stringify(toBindingRecord(binding))) as ReturnType<
    typeof toBindingRecord
  >;

  expect(fromBindingRecord(stored)).toEqual(binding);
});
