/** Who gets which address, message by message (RFC 2131). */
import { describe, expect, it } from 'vitest';

import { optionCode } from '../../../../provisioning/dhcp/message/option-code.ts';
import { toBytes } from '../../../support/provisioning/dhcp-conversation.ts';
import { converse, lan, other, server } from '../../../support/provisioning/dhcp-subnets.ts';

describe('DISCOVER (RFC 2131 §4.3.1)', () => {
  it('is answered by a broadcast while the client has no address', () => {
    expect(converse().send('discover')).toMatchObject({
      type: 'offer',
      yiaddr: '10.0.0.10',
      to: '255.255.255.255 client',
    });
  });

  it('the same client is offered the same address, others another', () => {
    const talk = converse();

    expect(talk.send('discover')?.yiaddr).toBe('10.0.0.10');
    expect(talk.send('discover', other)?.yiaddr).toBe('10.0.0.11');
    expect(talk.send('discover')?.yiaddr).toBe('10.0.0.10');
  });

  it('the address of the expired lease comes back, then the one that was asked for', () => {
    const talk = converse();
    talk.bind(other);
    talk.bind();
    talk.pass(3_601);

    expect(talk.send('discover')?.yiaddr).toBe('10.0.0.11');
    expect(talk.send('discover', { mac: '00005e005303', requested: '10.0.0.12' })?.yiaddr).toBe(
      '10.0.0.12',
    );
  });

  it('an address offered to one client is not offered to another that asks for it', () => {
    const talk = converse();
    talk.send('discover', { requested: '10.0.0.12' });

    expect(talk.send('discover', { ...other, requested: '10.0.0.12' })?.yiaddr).toBe('10.0.0.10');
  });

  it('of a client that has a lease leaves it its address, also when it takes another offer', () => {
    const talk = converse({ ...lan, ranges: [{ first: '10.0.0.10', last: '10.0.0.10' }] });
    talk.bind();
    talk.send('discover');
    talk.ask('request', { requested: '10.0.0.99', server: '10.0.0.2' });

    expect(talk.ask('discover', other)?.outcome).toBe('pool-full');
  });

  it('an identifier that repeats the hardware address is the same client', () => {
    const talk = converse();
    talk.bind();
    const identifier = Buffer.from('0100005e005301', 'hex');
    const offer = talk.send('discover', { options: [[optionCode.clientIdentifier, identifier]] });

    expect(offer?.yiaddr).toBe('10.0.0.10');
    // RFC 6842
    expect(offer?.packet.options.get(optionCode.clientIdentifier)).toEqual(identifier);
  });

  it('without hardware address or identifier is not answered', () => {
    expect(converse().send('discover', { mac: '000000000000' })).toBeUndefined();
  });
});

describe('a full pool', () => {
  it('answers nobody new, keeps everybody it has, and frees what expires', () => {
    const talk = converse();
    const macs = ['a1', 'a2', 'a3'].map((end) => `00005e0053${end}`);
    const addresses = macs.map((mac) => talk.bind({ mac }));

    expect(addresses).toEqual(['10.0.0.10', '10.0.0.11', '10.0.0.12']);
    expect(talk.ask('discover')?.outcome).toBe('pool-full');
    expect(talk.bind({ mac: '00005e0053a2' })).toBe('10.0.0.11');
    talk.pass(3_601);
    expect(talk.bind()).toBe('10.0.0.10');
  });

  it('offers that nobody takes do not keep it full', () => {
    const talk = converse();
    for (const end of ['b1', 'b2', 'b3']) {
      talk.send('discover', { mac: `00005e0053${end}` });
    }

    expect(talk.ask('discover')?.outcome).toBe('pool-full');
    talk.pass(6);
    expect(talk.bind()).toBe('10.0.0.10');
    // Who comes late for the offer that was taken over is told to begin anew.
    expect(
      talk.send('request', { mac: '00005e0053b1', requested: '10.0.0.10', server })?.type,
    ).toBe('refuse');
  });
});

describe('REQUEST (RFC 2131 §4.3.2)', () => {
  it('in SELECTING is acknowledged with the times of the lease', () => {
    const talk = converse();
    talk.send('discover');

    const answer = talk.send('request', { requested: '10.0.0.10', server });

    expect(answer).toMatchObject({ type: 'acknowledge', yiaddr: '10.0.0.10' });
    const times = [optionCode.leaseTime, optionCode.renewalTime, optionCode.rebindingTime];
    expect(times.map((code) => answer?.packet.options.get(code)?.readUInt32BE())).toEqual([
      3_600, 1_800, 3_150,
    ]);
  });

  it('meant for another server is not answered, and its offer is free at once', () => {
    const talk = converse({ ...lan, ranges: [{ first: '10.0.0.10', last: '10.0.0.10' }] });
    talk.send('discover');

    const answer = talk.ask('request', { requested: '10.0.0.99', server: '10.0.0.2' });

    expect(answer).toMatchObject({ outcome: 'other-server' });
    expect(answer?.reply).toBeUndefined();
    expect(talk.bind(other)).toBe('10.0.0.10');
  });

  it('in SELECTING is acknowledged although the offer was forgotten over a restart', () => {
    expect(converse().send('request', { requested: '10.0.0.11', server })?.type).toBe(
      'acknowledge',
    );
  });

  it('for an address of another client is refused by a broadcast', () => {
    const talk = converse();
    talk.bind();

    const answer = talk.send('request', { ...other, requested: '10.0.0.10', server });

    expect(answer).toMatchObject({
      type: 'refuse',
      yiaddr: '0.0.0.0',
      to: '255.255.255.255 client',
    });
  });

  it('in INIT-REBOOT on a foreign network is refused', () => {
    expect(converse().send('request', { requested: '192.168.1.5' })?.type).toBe('refuse');
  });

  it('in INIT-REBOOT of an unknown client is left to a server that knows it', () => {
    expect(converse().ask('request', { requested: '10.0.0.11' })).toMatchObject({
      outcome: 'unknown-client',
    });
  });

  it('in INIT-REBOOT of a known client is acknowledged', () => {
    const talk = converse();
    talk.bind();

    expect(talk.send('request', { requested: '10.0.0.10' })?.type).toBe('acknowledge');
  });

  it('in RENEWING is answered straight to the client and prolongs the lease', () => {
    const talk = converse();
    talk.bind();
    talk.pass(1_800);

    const answer = talk.send('request', { ciaddr: '10.0.0.10' });

    expect(answer).toMatchObject({ type: 'acknowledge', to: '10.0.0.10 client' });
    expect(talk.responder.leases.leases()).toMatchObject([
      { startedAtMs: talk.nowMs - 1_800_000, expiresAtMs: talk.nowMs + 3_600_000 },
    ]);
  });

  it('in RENEWING is granted without a record while the address is free: records may be lost', () => {
    const talk = converse();

    expect(talk.send('request', { ciaddr: '10.0.0.12' })?.type).toBe('acknowledge');
    expect(talk.send('request', { ...other, ciaddr: '10.0.0.12' })?.type).toBe('refuse');
    expect(talk.send('request', { ...other, ciaddr: '10.0.0.200' })?.type).toBe('refuse');
  });

  it('may ask for a shorter lease, not for a longer one', () => {
    const talk = converse();
    const wish = (seconds: number): number | undefined => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(seconds);
      const offer = talk.send('discover', { options: [[optionCode.leaseTime, bytes]] });
      return offer?.packet.options.get(optionCode.leaseTime)?.readUInt32BE();
    };

    expect([wish(600), wish(1), wish(0xffffffff)]).toEqual([600, 60, 3_600]);
  });
});

describe('DECLINE, RELEASE and INFORM (RFC 2131 §4.3.3–4.3.5)', () => {
  it('a declined address goes to nobody for ten minutes', () => {
    const talk = converse();
    talk.bind();

    expect(talk.ask('decline', { requested: '10.0.0.10', server })?.outcome).toBe('declined');
    expect(talk.bind()).toBe('10.0.0.11');
    expect(talk.bind(other)).toBe('10.0.0.12');
    expect(talk.bind({ mac: '00005e005303' })).toBeUndefined();
    talk.pass(601);
    expect(talk.bind({ mac: '00005e005303' })).toBe('10.0.0.10');
  });

  it('a client that declines everything does not take the pool out of service', () => {
    const talk = converse();
    for (let round = 0; round < 10; round += 1) {
      const address = talk.bind();
      expect(address).toBeDefined();
      talk.ask('decline', { requested: address ?? '', server });
    }

    expect(talk.bind(other)).toBeDefined();
  });

  it('only who has an address can decline or release it', () => {
    const talk = converse();
    talk.bind();

    expect(talk.ask('decline', { ...other, requested: '10.0.0.10' })?.outcome).toBe('not-theirs');
    expect(talk.ask('release', { ...other, ciaddr: '10.0.0.10' })?.outcome).toBe('not-theirs');
    expect(talk.bind()).toBe('10.0.0.10');
  });

  it('a released address comes back to its client, unless another needs it', () => {
    const talk = converse({ ...lan, ranges: [{ first: '10.0.0.10', last: '10.0.0.10' }] });
    talk.bind();

    expect(talk.ask('release', { ciaddr: '10.0.0.10', server })?.outcome).toBe('released');
    expect(talk.bind()).toBe('10.0.0.10');
    talk.ask('release', { ciaddr: '10.0.0.10', server });
    expect(talk.bind(other)).toBe('10.0.0.10');
    expect(talk.bind()).toBeUndefined();
  });

  it('INFORM gets options and no lease', () => {
    const talk = converse();

    const answer = talk.send('inform', { ciaddr: '10.0.0.77' });

    expect(answer).toMatchObject({
      type: 'acknowledge',
      yiaddr: '0.0.0.0',
      to: '10.0.0.77 client',
    });
    expect(answer?.packet.options.get(optionCode.routers)).toEqual(toBytes('10.0.0.1'));
    expect(answer?.packet.options.has(optionCode.leaseTime)).toBe(false);
    expect(talk.responder.leases.leases()).toEqual([]);
  });
});
