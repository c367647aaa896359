import { beforeEach, describe, expect, test } from 'vitest';
import type { UserId } from '../../../../system/foundation/ids.ts';
import { toRequestUri } from '../../../../system/call-plane/registrar/binding.ts';
import { handleRegister } from '../../../../system/call-plane/registrar/handle-register.ts';
import { MemoryLocationStore } from '../../../../system/call-plane/registrar/location-store.ts';
import {
  Registrar,
  type BindingChange,
} from '../../../../system/call-plane/registrar/registrar.ts';
import type {
  SipRequest,
  SipResponse,
} from '../../../../system/call-plane/sip/messages/message.ts';
import { parseMessage } from '../../../../system/call-plane/sip/messages/parse-message.ts';
import { serializeUri } from '../../../../system/call-plane/sip/messages/uri.ts';
import type { Flow } from '../../../../system/call-plane/sip/transport.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const alice = 'u-alice' as UserId;
const settings = {
  defaultExpiresSec: 300,
  minimumExpiresSec: 60,
  maximumExpiresSec: 7_200,
  contactsPerUser: 3,
};

let clock: FakeClock;
let store: MemoryLocationStore;
let registrar: Registrar;
let changes: BindingChange[];
let cseq: number;

function createRegistrar(): Registrar {
  return new Registrar({
    clock,
    store,
    settings: () => settings,
    onChange: (change) => changes.push(change),
  });
}

beforeEach(() => {
  clock = new FakeClock();
  store = new MemoryLocationStore();
  changes = [];
  cseq = 0;
  registrar = createRegistrar();
});

const udp: Flow = {
  protocol: 'udp',
  localAddress: '192.0.2.1',
  localPort: 5060,
  remoteAddress: '198.51.100.4',
  remotePort: 41_000,
};
const tcp: Flow = { ...udp, protocol: 'tcp', connectionId: 7 };

interface Registration {
  readonly headers?: readonly string[];
  readonly callId?: string;
  readonly cseq?: number;
  readonly to?: string;
  readonly from?: string;
  readonly flow?: Flow;
}

function register(contacts: readonly string[], options: Registration = {}): SipResponse {
  cseq++;
  const text = [
    'REGISTER sip:campanile.local SIP/2.0',
    'Via: SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bK1',
    `From: <${options.from ?? 'sip:1001@campanile.local'}>;tag=f`,
    `To: <${options.to ?? 'sip:1001@campanile.local'}>`,
    `Call-ID: ${options.callId ?? 'phone-1'}`,
    `CSeq: ${String(options.cseq ?? cseq)} REGISTER`,
    'User-Agent: Phone/1.0',
    ...contacts.map((contact) => `Contact: ${contact}`),
    ...(options.headers ?? []),
  ];
  return handleRegister(
    {
      registrar,
      createTag: () => 'ours',
      logger: silentLogger,
      ownsAddress: (userId, uri) =>
        userId === alice && (uri.scheme === 'sip' || uri.scheme === 'sips') && uri.user === '1001',
    },
    parseMessage(Buffer.from(`${text.join('\r\n')}\r\n\r\n`)) as SipRequest,
    { userId: alice, device: undefined },
    options.flow ?? udp,
  );
}

function contactsOf(response: SipResponse): string[] {
  return response.headers.getLines('Contact');
}

const phone = '<sip:1001@10.0.0.4:5060;transport=udp>';

describe('RFC 3261 §10.3: the registrar', () => {
  test('[SIP-001] binds a contact, remembers its flow, and answers with what is left of its time', () => {
    const response = register([`${phone};expires=120;q=0.5`]);
    expect(response.status).toBe(200);
    expect(response.to.parameters.get('tag')).toBe('ours');
    expect(contactsOf(response)).toEqual([`${phone};expires=120;q=0.5`]);
    expect(response.headers.get('Date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    expect(registrar.bindingsOf(alice)).toEqual([
      {
        userId: alice,
        contact: 'sip:1001@10.0.0.4:5060;transport=udp',
        flow: udp,
        callId: 'phone-1',
        cseq: 1,
        q: 0.5,
        expiresAtMs: clock.wallMs() + 120_000,
        registeredAtMs: clock.wallMs(),
        userAgent: 'Phone/1.0',
        instanceId: undefined,
        regId: undefined,
        device: undefined,
      },
    ]);
    clock.advance(20_500);
    expect(contactsOf(register([]))).toEqual([`${phone};expires=100;q=0.5`]);
  });

  test('takes the time from the contact, then from Expires, then the default, up to the maximum', () => {
    register([`${phone};expires=90`, '<sip:1001@b>', '<sip:1001@c>;expires=x'], {
      headers: ['Expires: 280297596632815'],
    });
    expect(contactsOf(register([]))).toEqual([
      `${phone};expires=90`,
      '<sip:1001@b>;expires=7200',
      '<sip:1001@c>;expires=7200',
    ]);
    expect(contactsOf(register(['<sip:1001@b>']))).toContain('<sip:1001@b>;expires=300');
  });

  test('refuses too short a time with 423 and changes nothing, whatever else was asked', () => {
    const response = register([`${phone};expires=600`, '<sip:1001@b>;expires=59']);
    expect(response.status).toBe(423);
    expect(response.headers.get('Min-Expires')).toBe('60');
    expect(registrar.bindingsOf(alice)).toEqual([]);
    expect(changes).toEqual([]);
  });

  test('refreshes the binding of an equal URI instead of adding one', () => {
    register([phone]);
    register(['"Alice" <sip:1001@10.0.0.4:5060;Transport=UDP>;expires=600'], { flow: tcp });
    expect(registrar.bindingsOf(alice)).toHaveLength(1);
    expect(registrar.bindingsOf(alice)[0]).toMatchObject({ flow: tcp, cseq: 2 });
    register(['<sip:1001@10.0.0.4:5060>']);
    expect(registrar.bindingsOf(alice)).toHaveLength(2);
  });

  test('removes one contact with expires 0 and leaves the others', () => {
    register([phone, '<sip:1001@b>']);
    expect(contactsOf(register([`${phone};expires=0`]))).toEqual(['<sip:1001@b>;expires=300']);
    expect(register(['<sip:never@seen>;expires=0']).status).toBe(200);
    expect(changes.at(-1)?.removed.map((binding) => binding.contact)).toEqual([
      'sip:1001@10.0.0.4:5060;transport=udp',
    ]);
  });

  test('removes all contacts with a star and Expires 0, and refuses the star otherwise', () => {
    register([phone, '<sip:1001@b>']);
    expect(register(['*']).status).toBe(400);
    expect(register(['*'], { headers: ['Expires: 10'] }).status).toBe(400);
    expect(registrar.bindingsOf(alice)).toHaveLength(2);
    const response = register(['*'], { headers: ['Expires: 0'] });
    expect([response.status, contactsOf(response)]).toEqual([200, []]);
    expect(registrar.bindingCount).toBe(0);
  });

  test('within one Call-ID only a higher CSeq counts; another Call-ID begins anew', () => {
    register([phone, '<sip:1001@b>'], { cseq: 10 });
    expect(register([`${phone};expires=0`], { cseq: 10 }).status).toBe(400);
    expect(register(['<sip:1001@new>', `${phone};expires=0`], { cseq: 9 }).status).toBe(400);
    expect(register(['*'], { cseq: 9, headers: ['Expires: 0'] }).status).toBe(400);
    expect(registrar.bindingsOf(alice)).toHaveLength(2);
    expect(register([`${phone};expires=0`], { cseq: 1, callId: 'rebooted' }).status).toBe(200);
    expect(registrar.bindingsOf(alice)).toHaveLength(1);
  });

  test('refuses more contacts than allowed and keeps those that are there', () => {
    register([phone, '<sip:1001@b>', '<sip:1001@c>']);
    expect(register(['<sip:1001@d>']).status).toBe(403);
    expect(register(['<sip:1001@b>']).status).toBe(200);
    expect(register(['<sip:1001@d>', '<sip:1001@c>;expires=0']).status).toBe(200);
    expect(registrar.bindingsOf(alice)).toHaveLength(3);
  });

  test('refuses an address-of-record that is not the authenticated user', () => {
    expect(register([phone], { to: 'sip:1002@campanile.local' }).status).toBe(403);
    expect(register([phone], { from: 'sip:1002@campanile.local' }).status).toBe(403);
    expect(register([phone], { to: 'isbn:2983792873' }).status).toBe(403);
    expect(registrar.bindingCount).toBe(0);
  });

  test('refuses extensions it does not know and contacts it cannot reach', () => {
    const response = register([phone], { headers: ['Require: path, outbound'] });
    expect(response.status).toBe(420);
    expect(response.headers.get('Unsupported')).toBe('path, outbound');
    expect(register(['<name:John_Smith>']).status).toBe(400);
  });

  test('a binding over a URI with headers is answered with them and called without them', () => {
    const contact = '<sip:user@example.com;method=INVITE?Route=%3Csip:sip.example.com%3E>';
    expect(contactsOf(register([contact]))).toEqual([`${contact};expires=300`]);
    const [binding] = registrar.bindingsOf(alice);
    expect(binding && serializeUri(toRequestUri(binding))).toBe('sip:user@example.com');
  });

  test('RFC 5626: over TCP a flow of the same instance and reg-id replaces the old one', () => {
    const outbound = (port: number, regId: number): string =>
      `<sip:1001@10.0.0.4:${String(port)};transport=tcp>;+sip.instance="<urn:uuid:1>";reg-id=${String(regId)}`;
    const options = { flow: tcp, headers: ['Supported: path, outbound'] };
    const response = register([outbound(5060, 1)], options);
    expect(response.headers.get('Require')).toBe('outbound');
    expect(contactsOf(response)[0]).toBe(
      '<sip:1001@10.0.0.4:5060;transport=tcp>;expires=300;+sip.instance="<urn:uuid:1>";reg-id=1',
    );
    register([outbound(5061, 1)], { ...options, callId: 'rebooted' });
    expect(registrar.bindingsOf(alice)).toHaveLength(1);
    expect(changes.at(-1)?.removed).toHaveLength(1);
    clock.advance(1);
    register([outbound(5062, 2)], options);
    expect(registrar.bindingsOf(alice)).toHaveLength(2);
    expect(registrar.contactsFor(alice).map((binding) => binding.regId)).toEqual([2]);
    const overUdp = register([outbound(5063, 1)], { headers: ['Supported: outbound'] });
    expect(overUdp.headers.has('Require')).toBe(false);
    expect(registrar.bindingsOf(alice)).toHaveLength(3);
  });

  test('contacts are rung by q, then the newest first', () => {
    register(['<sip:1001@a>;q=0.2']);
    clock.advance(10);
    register(['<sip:1001@b>;q=0.9', '<sip:1001@c>;q=1.5']);
    expect(registrar.contactsFor(alice).map(({ contact, q }) => [contact, q])).toEqual([
      ['sip:1001@c', 1],
      ['sip:1001@b', 0.9],
      ['sip:1001@a', 0.2],
    ]);
  });
});

describe('the life of bindings', () => {
  test('an expired binding is gone at once, is reported within the sweep, and no timer is left', () => {
    register([`${phone};expires=60`, '<sip:1001@b>;expires=120']);
    expect(clock.pendingCount).toBe(1);
    clock.advance(59_999);
    expect(registrar.bindingsOf(alice)).toHaveLength(2);
    clock.advance(1);
    expect(registrar.bindingsOf(alice).map((binding) => binding.contact)).toEqual(['sip:1001@b']);
    clock.advance(5_000);
    expect(changes.at(-1)).toMatchObject({
      updated: [],
      removed: [{ contact: 'sip:1001@10.0.0.4:5060;transport=udp' }],
    });
    clock.advance(120_000);
    expect([registrar.bindingCount, clock.pendingCount]).toEqual([0, 0]);
  });

  test('a binding that expired just before another change is reported as removed', () => {
    register([`${phone};expires=60`]);
    clock.advance(60_000 - 500);
    register(['<sip:1001@b>']);
    clock.advance(500);
    register(['<sip:1001@b>']);
    expect(changes.flatMap(({ removed }) => removed)).toHaveLength(1);
  });

  test('bindings from before a restart are taken unless expired, damaged or registered anew', () => {
    register([phone, '<sip:1001@b>', '<sip:1001@c>;expires=60']);
    const stored = [...registrar.allBindings()];
    const damaged = stored.slice(1, 2).map((binding) => ({ ...binding, contact: 'damaged' }));
    registrar.close();
    clock.advance(61_000);
    store = new MemoryLocationStore();
    registrar = createRegistrar();
    register([phone], { callId: 'after' });
    expect(registrar.restore([...stored, ...damaged])).toBe(1);
    expect(registrar.bindingsOf(alice).map(({ contact, callId }) => [contact, callId])).toEqual([
      ['sip:1001@10.0.0.4:5060;transport=udp', 'after'],
      ['sip:1001@b', 'phone-1'],
    ]);
    clock.advance(300_000);
    expect(registrar.bindingCount).toBe(0);
  });

  test('an administrator ends all registrations of a user', () => {
    register([phone, '<sip:1001@b>']);
    expect(registrar.removeUser(alice)).toBe(2);
    expect(changes.at(-1)?.removed).toHaveLength(2);
    expect(registrar.removeUser(alice)).toBe(0);
    expect(changes).toHaveLength(2);
  });
});
