/** What a reply holds: reservations, relay agents, the options of phones. */
import { describe, expect, it } from 'vitest';

import { optionCode } from '../../../../provisioning/dhcp/message/option-code.ts';
import { parseDhcpPacket } from '../../../../provisioning/dhcp/message/packet.ts';
import { listDoorRules } from '../../../../provisioning/dhcp/options/open-doors.ts';
import { DhcpConversation, toBytes } from '../../../support/provisioning/dhcp-conversation.ts';
import {
  lan,
  remote,
  createSettings,
  other,
  converse,
} from '../../../support/provisioning/dhcp-subnets.ts';

describe('reservations', () => {
  const reserved = { ...lan, reservations: [{ mac: '00:00:5E:00:53:01', address: '10.0.0.12' }] };

  it('[NET-004] give one client its address, and it to nobody else', () => {
    const talk = converse(reserved);

    expect(talk.bind(other)).toBe('10.0.0.10');
    expect(talk.bind({ mac: '00005e005303' })).toBe('10.0.0.11');
    expect(talk.bind({ mac: '00005e005304', requested: '10.0.0.12' })).toBeUndefined();
    expect(talk.bind()).toBe('10.0.0.12');
  });

  it('made while the client has another address move it at its next renewal', () => {
    const talk = converse();
    talk.bind();

    talk.configure(createSettings(reserved));

    expect(talk.send('request', { ciaddr: '10.0.0.10' })?.type).toBe('refuse');
    const moved = talk.ask('discover');
    expect(moved?.outcome).toBe('offer');
    expect(talk.bind()).toBe('10.0.0.12');
    expect(talk.responder.leases.leases()).toMatchObject([
      { address: 0x0a00000a, state: 'released' },
      { address: 0x0a00000c, state: 'bound' },
    ]);
  });

  it('wait until who has the address leaves it', () => {
    const talk = converse({ ...lan, ranges: [{ first: '10.0.0.12', last: '10.0.0.13' }] });
    talk.bind(other);
    talk.configure(
      createSettings({ ...reserved, ranges: [{ first: '10.0.0.12', last: '10.0.0.13' }] }),
    );

    expect(talk.bind()).toBe('10.0.0.13');
    expect(talk.send('request', { ...other, ciaddr: '10.0.0.12' })?.type).toBe('refuse');
  });
});

describe('relay agents (RFC 3046)', () => {
  const information = Buffer.from('0105706f7274310206aabbccddeeff', 'hex');

  it('choose the subnet, get the answer at port 67, and their option back as it came', () => {
    const talk = converse(lan, remote);

    const offer = talk.send('discover', {
      giaddr: '10.0.9.1',
      options: [[optionCode.relayAgentInformation, information]],
    });

    expect(offer).toMatchObject({ yiaddr: '10.0.9.10', to: '10.0.9.1 server' });
    expect([...(offer?.packet.options.keys() ?? [])].at(-1)).toBe(optionCode.relayAgentInformation);
    expect(offer?.packet.options.get(optionCode.relayAgentInformation)).toEqual(information);
  });

  it('tell which port a lease is on', () => {
    const talk = converse(lan, remote);
    talk.bind({
      giaddr: '10.0.9.1',
      options: [[optionCode.relayAgentInformation, information]],
    });

    expect(talk.responder.leases.leases()).toMatchObject([
      { circuitId: 'port1', remoteId: 'aabbccddeeff' },
    ]);
  });

  it('may name another link (RFC 3527) and another server identifier (RFC 5107)', () => {
    const talk = converse(lan, remote);
    const value = Buffer.concat([
      Buffer.of(5, 4),
      toBytes('10.0.9.0'),
      Buffer.of(11, 4),
      toBytes('10.0.9.1'),
    ]);

    const offer = talk.send('discover', {
      giaddr: '172.16.0.1',
      options: [[optionCode.relayAgentInformation, value]],
    });

    expect(offer?.yiaddr).toBe('10.0.9.10');
    expect(offer?.packet.options.get(optionCode.serverIdentifier)).toEqual(toBytes('10.0.9.1'));
  });

  it('of networks that are not ours are not answered', () => {
    expect(converse().ask('discover', { giaddr: '10.0.9.1' })).toMatchObject({
      outcome: 'other-network',
    });
  });

  it('are passed by when the client renews, which is answered all the same', () => {
    const talk = converse(lan, remote);
    talk.bind({ giaddr: '10.0.9.1' });

    expect(talk.send('request', { ciaddr: '10.0.9.10' })).toMatchObject({
      type: 'acknowledge',
      to: '10.0.9.10 client',
    });
  });
});

describe('what the answer holds', () => {
  it('only the options that were asked for, the mask before the router (RFC 2132 §3.3)', () => {
    const list = Buffer.of(optionCode.routers, optionCode.subnetMask, optionCode.tftpServerName);

    const offer = converse().send('discover', {
      options: [[optionCode.parameterRequestList, list]],
    });

    expect([...(offer?.packet.options.keys() ?? [])]).toEqual([
      ...[optionCode.messageType, optionCode.serverIdentifier, optionCode.leaseTime],
      ...[optionCode.renewalTime, optionCode.rebindingTime],
      ...[optionCode.subnetMask, optionCode.routers, optionCode.tftpServerName],
    ]);
  });

  it('to a boot loader that asks for neither 66 nor 67, the header fields', () => {
    const offer = converse().send('discover', {
      options: [
        [optionCode.parameterRequestList, Buffer.of(optionCode.subnetMask)],
        [optionCode.vendorClass, Buffer.from('alcatel.noe.0')],
      ],
    });

    expect(offer).toMatchObject({ siaddr: '10.0.0.1' });
    expect(offer?.packet).toMatchObject({ serverName: '10.0.0.1', bootFile: 'lanpbx.cfg' });
  });

  it('[DEV-033] to a binary Polycom class, what Polycom reads', () => {
    const entries = [
      [1, 'Polycom'],
      [2, 'VVX-VVX_450'],
      [4, 'UC/5.9.0.9373'],
    ] as const;
    const body = Buffer.concat([
      ...entries.map(([code, text]) =>
        Buffer.from(`${String.fromCharCode(code, text.length)}${text}`),
      ),
      Buffer.of(0xff),
    ]);
    const vendorClass = Buffer.concat([Buffer.of(0, 0, 0x36, 0x3d, body.length), body]);

    const answer = converse().ask('discover', { options: [[optionCode.vendorClass, vendorClass]] });

    expect(answer?.facts.vendorClass).toEqual({
      text: 'Polycom VVX-VVX_450 UC/5.9.0.9373',
      model: 'VVX-VVX_450',
      firmware: 'UC/5.9.0.9373',
    });
    expect(answer?.appliedRules).toContain('Poly (Polycom)');
    // Polycom takes 160 where it gets both.
    const reply = parseDhcpPacket(answer?.reply?.datagram ?? Buffer.alloc(0));
    const url = Buffer.from('http://10.0.0.1/prov/');
    for (const code of [66, 160, 161]) {
      expect(reply.options.get(code), `option ${String(code)}`).toEqual(url);
    }
  });

  it.each([
    ['Polycom VVX-VVX_450', [66, 160, 161], [159]],
    ['yealink', [66, 43], [160]],
    ['Grandstream GXP2170', [], [66, 160, 43]],
  ])('[DEV-033] to %s, ftp:// where FTP is named and understood', (text, byFtp, others) => {
    const { interfaces, ...rest } = createSettings(lan);
    const conversation = new DhcpConversation({
      ...rest,
      interfaces: interfaces.map((one) => ({ ...one, ftpUrl: 'ftp://10.0.0.1:2121/' })),
      optionRules: listDoorRules({ http: true, tftp: true, ftp: true, isFtpPreferred: true }),
    });
    const vendorClass = Buffer.from(text);
    const wanted = Buffer.from([...byFtp, ...others]);
    const answer = conversation.ask('discover', {
      options: [
        [optionCode.vendorClass, vendorClass],
        [optionCode.parameterRequestList, wanted],
      ],
    });
    const { options } = parseDhcpPacket(answer?.reply?.datagram ?? Buffer.alloc(0));
    for (const code of byFtp) {
      expect(options.get(code)?.toString(), `option ${String(code)}`).toBe('ftp://10.0.0.1:2121/');
    }
    for (const code of others) {
      expect(options.get(code)?.toString() ?? '', `option ${String(code)}`).not.toContain('ftp://');
    }
  });

  const closed = { http: false, tftp: false, ftp: false, isFtpPreferred: false };
  it.each([
    ['Cisco SPA504G', { ...closed, http: true }, { 66: 'http://10.0.0.1' }],
    ['Cisco SPA504G', { ...closed, tftp: true }, { 66: '10.0.0.1' }],
    ['Cisco SPA504G', closed, { 66: '10.0.0.1' }],
    ['snomD785', { ...closed, tftp: true }, { 66: 'tftp://10.0.0.1', 67: '/' }],
    ['yealink', closed, { 66: 'http://10.0.0.1/prov/', 43: 'http://10.0.0.1/prov/' }],
    ['yealink', { ...closed, tftp: true }, { 66: 'tftp://10.0.0.1/', 43: 'tftp://10.0.0.1/' }],
    ['yealink', { ...closed, tftp: true, ftp: true }, { 66: 'ftp://10.0.0.1/' }],
    ['yealink', { ...closed, tftp: true, http: true }, { 66: 'http://10.0.0.1/prov/' }],
    ['Grandstream GXP2170', { ...closed, tftp: true }, { 43: 'tftp://10.0.0.1/' }],
    ['N510_IP_PRO', { ...closed, tftp: true }, { 114: 'http://10.0.0.1/prov/', 66: '10.0.0.1' }],
    ['Cisco Systems, Inc. IP Phone CP-7941G', { ...closed, http: true }, { 66: '10.0.0.1' }],
  ])('[DEV-033] to %s, a door that is open where the phone knows one: %o', (text, doors, told) => {
    const conversation = new DhcpConversation({
      ...createSettings(lan),
      optionRules: listDoorRules(doors),
    });
    const answer = conversation.ask('discover', {
      options: [
        [optionCode.vendorClass, Buffer.from(text)],
        [optionCode.parameterRequestList, Buffer.from(Object.keys(told).map(Number))],
      ],
    });
    const { options } = parseDhcpPacket(answer?.reply?.datagram ?? Buffer.alloc(0));
    for (const [code, value] of Object.entries(told)) {
      expect(options.get(Number(code))?.toString(), `option ${code}`).toBe(value);
    }
  });
});
