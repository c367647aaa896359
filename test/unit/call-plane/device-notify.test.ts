import { describe, expect, test } from 'vitest';
import { DeviceNotifier } from '../../../system/call-plane/device-notify.ts';
import type { Binding } from '../../../system/call-plane/registrar/binding.ts';
import { createResponse } from '../../../system/call-plane/sip/messages/message.ts';
import type { UserId } from '../../../system/foundation/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { exampleBinding } from '../../support/management-plane/management-plane.ts';
import { LoopbackNetwork } from '../../support/call-plane/loopback-transport.ts';
import { TransactionPeer } from '../../support/call-plane/transaction-peer.ts';

const userId = 'anna' as UserId;
const contact = 'sip:100@192.0.2.2:5062;line=1?X=y';
const binding = exampleBinding(userId, {
  contact,
  localAddress: '192.0.2.1',
  remoteAddress: '192.0.2.2',
});

function build(answer?: number) {
  const clock = new FakeClock();
  const network = new LoopbackNetwork(clock);
  const us = new TransactionPeer(clock, network, '192.0.2.1');
  const phone = new TransactionPeer(clock, network, '192.0.2.2');
  phone.onRequest = (transaction) => {
    if (answer !== undefined) {
      transaction.respond(createResponse(transaction.request, answer, undefined, { toTag: 'x' }));
    }
  };
  const flow = {
    protocol: 'udp',
    localAddress: '192.0.2.1',
    localPort: 5060,
    remoteAddress: '192.0.2.2',
    remotePort: 5060,
  } as const;
  const notifier = new DeviceNotifier({
    registrar: {
      bindingsOf: (id) =>
        id === userId
          ? [{ contact, flow, callId: 'a1@192.0.2.2', device: undefined } as unknown as Binding]
          : [],
    },
    transactions: us.layer,
    domain: () => 'campanile.local',
    createTag: () => 'tag',
  });
  return { clock, phone, notifier };
}

describe('a NOTIFY to a device', () => {
  test('[DEV-043] goes to the contact over the flow of its registration, with the event of the vendor', async () => {
    const { clock, phone, notifier } = build(200);
    const outcome = notifier.notify({ binding, event: 'check-sync;reboot=false' });
    clock.advance(100);

    expect(await outcome).toEqual({ outcome: 'accepted', status: 200 });
    const [{ request } = { request: undefined }] = phone.received;
    expect(request?.method).toBe('NOTIFY');
    // RFC 3261 §19.1.1: headers of a URI have no place in a Request-URI.
    expect(request?.requestUri).toMatchObject({ user: '100', port: 5062, headers: '' });
    expect(request?.requestUri).toMatchObject({ parameters: new Map([['line', '1']]) });
    expect(request?.headers.get('Event')).toBe('check-sync;reboot=false');
    expect(request?.headers.get('Subscription-State')).toBe('terminated');
    expect(request?.headers.get('Contact')).toBe('<sip:192.0.2.1:5060>');
  });

  test('service-control of Cisco phones has its action and the Call-ID of the registration in the body', async () => {
    const { clock, phone, notifier } = build(200);
    const outcome = notifier.notify({ binding, event: 'service-control;action=reset' });
    clock.advance(100);

    expect(await outcome).toEqual({ outcome: 'accepted', status: 200 });
    const [{ request } = { request: undefined }] = phone.received;
    expect(request?.headers.get('Event')).toBe('service-control');
    expect(request?.headers.get('Subscription-State')).toBe('active');
    expect(request?.contentType).toBe('text/plain');
    expect(request?.body.toString()).toBe(
      'action=reset\r\nRegisterCallId={a1@192.0.2.2}\r\nConfigVersionStamp={0000000000000000}\r\n' +
        'DialplanVersionStamp={0000000000000000}\r\nSoftkeyVersionStamp={0000000000000000}\r\n',
    );
  });

  test('a challenge is a refusal: no digest of the account is ever computed for whoever asks', async () => {
    const { clock, phone, notifier } = build(401);
    const outcome = notifier.notify({ binding, event: 'check-sync' });
    clock.advance(40_000);

    expect(await outcome).toEqual({ outcome: 'refused', status: 401 });
    expect(phone.received).toHaveLength(1);
  });

  test('timer F: a device that does not answer is given up', async () => {
    const { clock, notifier } = build();
    const outcome = notifier.notify({ binding, event: 'check-sync' });
    clock.advance(40_000);
    expect(await outcome).toEqual({ outcome: 'no-answer' });
  });

  test('[DEV-016] a device whose registration was ended is reached the way it was before', async () => {
    const { clock, phone, notifier } = build(200);
    const ended = { ...binding, userId: 'bruno' as UserId, device: '001565aabb01' };
    const outcome = notifier.notify({ binding: ended, event: 'check-sync' });
    clock.advance(100);

    expect(await outcome).toEqual({ outcome: 'accepted', status: 200 });
    expect(phone.received).toHaveLength(1);
  });

  test('an event that would end its header field is never sent', () => {
    const { phone, notifier } = build(200);
    expect(() => notifier.notify({ binding, event: 'check-sync\r\nX: y' })).toThrow(RangeError);
    expect(phone.received).toEqual([]);
  });
});
