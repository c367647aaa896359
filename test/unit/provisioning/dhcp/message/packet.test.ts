import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DhcpError } from '../../../../../provisioning/dhcp/dhcp-error.ts';
import { optionCode } from '../../../../../provisioning/dhcp/message/option-code.ts';
import {
  parseDhcpPacket,
  serializeDhcpPacket,
  type DhcpPacket,
} from '../../../../../provisioning/dhcp/message/packet.ts';
import {
  createClientMessage,
  DhcpConversation,
} from '../../../../support/provisioning/dhcp-conversation.ts';

const discover = createClientMessage('discover');

function withOptions(options: readonly (readonly [number, Buffer])[]): DhcpPacket {
  return { ...discover, options: new Map(options) };
}

function readBack(packet: DhcpPacket, maximumBytes?: number): DhcpPacket {
  return parseDhcpPacket(serializeDhcpPacket(packet, maximumBytes).datagram);
}

describe('a DHCP message', () => {
  it('is read back as it was written', () => {
    const address = fc.integer({ min: 0, max: 0xffffffff });
    const option = fc.tuple(
      fc
        .integer({ min: 1, max: 254 })
        .filter(
          (code) => code !== optionCode.overload && code !== optionCode.relayAgentInformation,
        ),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(
        fc.record({
          op: fc.constantFrom('request' as const, 'reply' as const),
          hardwareAddress: fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
          transactionId: address,
          wantsBroadcast: fc.boolean(),
          clientAddress: address,
          yourAddress: address,
          nextServer: address,
          relayAddress: address,
          bootFile: fc.stringMatching(/^[a-z/.]{0,100}$/),
          options: fc.uniqueArray(option, { maxLength: 12, selector: ([code]) => code }),
        }),
        ({ options, ...fields }) => {
          const packet: DhcpPacket = { ...discover, ...fields, options: new Map(options) };

          expect(readBack(packet)).toEqual(packet);
        },
      ),
    );
  });

  it('joins the pieces of a long option (RFC 3396)', () => {
    const long = Buffer.alloc(700, 'x');

    expect(readBack(withOptions([[43, long]]), 1_400).options.get(43)).toEqual(long);
  });

  it('uses the file and sname fields when the options do not fit (RFC 2131 §4.1)', () => {
    const options = [43, 66, 67, 114, 159, 160, 161].map(
      (code) => [code, Buffer.alloc(60, String(code))] as const,
    );

    const { datagram, leftOut } = serializeDhcpPacket(withOptions(options));

    expect(datagram.length).toBeLessThanOrEqual(548);
    expect(leftOut).toEqual([]);
    const { options: read, serverName, bootFile } = parseDhcpPacket(datagram);
    expect(read.get(optionCode.overload)).toEqual(Buffer.of(3));
    expect(options.every(([code, value]) => read.get(code)?.equals(value))).toBe(true);
    expect([serverName, bootFile]).toEqual(['', '']);
  });

  it('leaves out what fits nowhere and says so', () => {
    const options = [43, 160, 161].map((code) => [code, Buffer.alloc(250)] as const);

    expect(serializeDhcpPacket(withOptions(options)).leftOut).toEqual([160, 161]);
  });

  it.each([
    ['shorter than a header', Buffer.alloc(239)],
    ['longer than any', Buffer.alloc(4_097)],
    ['without the magic cookie', Buffer.alloc(300)],
    ['with an option that runs over the end', toDatagram(Buffer.of(53, 200, 1))],
    ['with an option that has no length', toDatagram(Buffer.of(53))],
    ['with hundreds of options', toDatagram(Buffer.alloc(3_000, Buffer.of(12, 0)))],
  ])('%s is refused with a clear error', (_what, datagram) => {
    expect(() => parseDhcpPacket(datagram)).toThrow(DhcpError);
  });

  it('of random bytes never makes the server throw', () => {
    const talk = new DhcpConversation({
      interfaces: [
        { name: 'lan1', address: '10.0.0.1', isEnabled: true, provisioningUrl: 'http://10.0.0.1/' },
      ],
      subnets: [{ subnet: '10.0.0.0/24', ranges: [{ first: '10.0.0.10', last: '10.0.0.12' }] }],
    });
    const via = talk.responder.settings.interfaces[0];
    const header = serializeDhcpPacket(discover).datagram.subarray(0, 240);
    // Half of them with a header that is right, so that the options are reached.
    const bytes = fc.uint8Array({ maxLength: 600 }).map((random) => Buffer.from(random));
    const datagrams = fc.oneof(
      bytes,
      bytes.map((options) => Buffer.concat([header, Buffer.of(53, 1, options[0] ?? 1), options])),
    );
    fc.assert(
      fc.property(datagrams, (datagram) => {
        try {
          const answer = via && talk.responder.handle(parseDhcpPacket(datagram), via, 0);
          expect(answer?.reply?.datagram.length ?? 0).toBeLessThanOrEqual(1_472);
        } catch (error) {
          expect(error).toBeInstanceOf(DhcpError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** A message with these bytes as its options. */
function toDatagram(options: Buffer): Buffer {
  return Buffer.concat([serializeDhcpPacket(discover).datagram.subarray(0, 240), options]);
}
