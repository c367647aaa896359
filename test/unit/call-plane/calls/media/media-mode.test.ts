import { expect, test } from 'vitest';
import {
  decideMediaMode,
  type MediaParty,
} from '../../../../../system/call-plane/calls/media/media-mode.ts';
import { parseSdp } from '../../../../../system/call-plane/sdp/parse-sdp.ts';
import { parseUri } from '../../../../../system/call-plane/sip/messages/uri.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

interface Phone {
  readonly from: string;
  readonly contact?: string;
  readonly sdp?: string;
  readonly at?: string;
}

function party({ from, contact, sdp, at = '192.0.2.1' }: Phone): MediaParty {
  return {
    flow: {
      protocol: 'udp',
      localAddress: at,
      localPort: 5060,
      remoteAddress: from,
      remotePort: 5060,
    },
    contact: parseUri(`sip:x@${contact ?? from}`),
    offer: sdp === undefined ? undefined : parseSdp(Buffer.from(phoneSdp(sdp))),
  };
}

const plain: Phone = { from: '192.0.2.12' };

test.each<[string, 'direct' | 'anchored', Phone, readonly Phone[], 'direct' | 'anchored']>([
  [
    'nothing speaks against it',
    'direct',
    { from: '192.0.2.11', sdp: '192.0.2.11' },
    [plain],
    'direct',
  ],
  [
    'the policy says so',
    'anchored',
    { from: '192.0.2.11', sdp: '192.0.2.11' },
    [plain],
    'anchored',
  ],
  [
    'the caller’s media is behind NAT',
    'direct',
    { from: '198.51.100.1', sdp: '10.0.0.2' },
    [plain],
    'anchored',
  ],
  [
    'the caller’s Contact is behind NAT and it made no offer',
    'direct',
    { from: '198.51.100.1', contact: '10.0.0.2' },
    [plain],
    'anchored',
  ],
  [
    'the caller knows its media address, its Contact is a name',
    'direct',
    { from: '192.0.2.11', contact: 'phone.example', sdp: '192.0.2.11' },
    [plain],
    'direct',
  ],
  [
    'one of the callees is behind NAT',
    'direct',
    { from: '192.0.2.11', sdp: '192.0.2.11' },
    [plain, { from: '198.51.100.1', contact: '10.0.0.3' }],
    'anchored',
  ],
  [
    'a callee is on another interface',
    'direct',
    { from: '192.0.2.11', sdp: '192.0.2.11' },
    [{ from: '10.1.0.5', at: '10.1.0.1' }],
    'anchored',
  ],
  [
    'the caller holds from the start',
    'direct',
    { from: '192.0.2.11', sdp: '0.0.0.0' },
    [plain],
    'direct',
  ],
])('[MED-001] audio runs as it should when %s', (_what, policy, caller, callees, mode) => {
  expect(decideMediaMode(policy, party(caller), callees.map(party))).toBe(mode);
});
