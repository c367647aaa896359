/** Registration, signalling and calls: what holds for every line of a device. */
import type { Variable } from '../variable.ts';

export const sipVariables = [
  {
    name: 'sip.transport',
    domain: { type: 'choice', choices: ['udp', 'tcp', 'tls'] },
    default: 'udp',
    help: 'Transport of lines that do not name their own.',
  },
  {
    name: 'sip.secondServer',
    domain: { type: 'host' },
    help: 'A PBX with the same accounts, to which phones turn while this one does not answer.',
  },
  {
    name: 'sip.secondServerPort',
    domain: { type: 'integer', minimum: 1, maximum: 65_535 },
    help: 'Where the second server listens; 5060, with TLS 5061, when empty.',
  },
  {
    name: 'sip.outboundProxy',
    domain: { type: 'host' },
    help: 'Session border controller through which phones reach the PBX.',
  },
  {
    name: 'sip.outboundProxyPort',
    domain: { type: 'integer', minimum: 1, maximum: 65_535 },
    help: 'Where the outbound proxy listens; 5060, with TLS 5061, when empty.',
  },
  {
    name: 'sip.registerExpiresSec',
    domain: { type: 'integer', minimum: 60, maximum: 86_400, unit: 's' },
    default: 300,
    help: 'Time after which the phone registers again. Vendors that count in minutes get it rounded up.',
  },
  {
    name: 'sip.srtp',
    domain: { type: 'choice', choices: ['off', 'optional', 'required'] },
    default: 'off',
    help: 'Encryption of media by SDES keys in SDP (RFC 4568).',
  },
  {
    name: 'sip.dtmf',
    domain: { type: 'choice', choices: ['rfc4733', 'info', 'inband', 'rfc4733-and-info'] },
    default: 'rfc4733',
    help: 'How keys pressed in a call are sent.',
  },
  {
    name: 'sip.dtmfPayloadType',
    domain: { type: 'integer', minimum: 96, maximum: 127 },
    default: 101,
    help: 'RTP payload type of telephone-event.',
  },
  {
    name: 'sip.keepAliveSec',
    domain: { type: 'integer', minimum: 10, maximum: 600, unit: 's' },
    default: 30,
    help: 'Interval of keep-alive packets that hold the path through a NAT open.',
  },
  {
    name: 'sip.subscribeMwi',
    domain: { type: 'boolean' },
    default: true,
    help: 'The phone subscribes for its message waiting lamp (RFC 3842).',
  },
  {
    name: 'sip.featureSync',
    domain: { type: 'boolean' },
    default: false,
    help: 'Do not disturb and forwarding of phone and PBX follow each other (as-feature-event).',
  },
  {
    name: 'sip.acceptFromServerOnly',
    domain: { type: 'boolean' },
    default: true,
    help: 'SIP firewall of the device: requests from others than its server are refused.',
  },
  {
    name: 'sip.verifyServerCertificate',
    domain: { type: 'boolean' },
    default: false,
    help: 'The phone checks the certificate of the PBX; needs a certificate that the phone trusts.',
  },
  {
    name: 'sip.blfListUri',
    domain: { type: 'text', maximumLength: 128 },
    help: 'Resource list (RFC 4662) that carries the states of all watched keys in one subscription.',
  },
  {
    name: 'audio.codecs',
    domain: {
      type: 'list',
      choices: ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'ilbc', 'g726-32', 'g723'],
    },
    default: ['g722', 'pcma', 'pcmu'],
    help: 'Codecs that are offered, most wanted first; one that a model lacks is left out there.',
  },
  {
    name: 'audio.ringtone',
    domain: { type: 'integer', minimum: 1, maximum: 10 },
    help: 'Number of the built-in ring tone.',
  },
  {
    name: 'ringtones',
    domain: {
      type: 'records',
      maximum: 8,
      fields: {
        alertInfo: {
          domain: { type: 'text', maximumLength: 64 },
          help: 'Text in the Alert-Info header field that chooses this ring tone.',
        },
        number: {
          domain: { type: 'integer', minimum: 1, maximum: 10 },
          isOptional: true,
          help: 'Built-in ring tone to play.',
        },
        url: {
          domain: { type: 'url', schemes: ['http', 'https', 'tftp'] },
          isOptional: true,
          help: 'Sound file that the phone fetches instead.',
        },
      },
    },
    help: 'Ring tones by class of call.',
  },
  {
    name: 'calls.voicemailNumber',
    domain: { type: 'number' },
    help: 'Number behind the message key, where a line names none.',
  },
  {
    name: 'calls.pickupCode',
    domain: { type: 'number' },
    help: 'Feature code that picks up the call ringing at a watched extension (code, then extension).',
  },
  {
    name: 'calls.groupPickupCode',
    domain: { type: 'number' },
    help: 'Feature code that picks up a call of the own pickup group.',
  },
  {
    name: 'calls.callWaiting',
    domain: { type: 'boolean' },
    default: true,
    help: 'A second call is signalled during a call.',
  },
  {
    name: 'calls.autoAnswer',
    domain: { type: 'boolean' },
    default: true,
    help: 'Calls marked as intercom or paging are answered by themselves.',
  },
  {
    name: 'calls.autoAnswerMuted',
    domain: { type: 'boolean' },
    default: false,
    help: 'The microphone is off when such a call begins.',
  },
  {
    name: 'calls.autoAnswerTone',
    domain: { type: 'boolean' },
    default: true,
    help: 'A tone announces such a call.',
  },
  {
    name: 'calls.autoAnswerBarge',
    domain: { type: 'boolean' },
    default: false,
    help: 'Such a call is answered even during another call.',
  },
  {
    name: 'calls.hotlineNumber',
    domain: { type: 'number' },
    help: 'Number that is dialled by itself when the handset is lifted.',
  },
  {
    name: 'calls.hotlineDelaySec',
    domain: { type: 'integer', minimum: 0, maximum: 10, unit: 's' },
    default: 4,
    help: 'Time before the hotline number is dialled.',
  },
  {
    name: 'calls.dialTimeoutSec',
    domain: { type: 'integer', minimum: 1, maximum: 14, unit: 's' },
    default: 4,
    help: 'Time without a further digit after which the number is complete.',
  },
  {
    name: 'multicast',
    domain: {
      type: 'records',
      maximum: 10,
      fields: {
        address: {
          domain: { type: 'ipv4' },
          help: 'Multicast address, 224.0.0.0 to 239.255.255.255.',
        },
        port: { domain: { type: 'integer', minimum: 1, maximum: 65_535 }, help: 'UDP port.' },
        label: { domain: { type: 'text', maximumLength: 32 }, help: 'Name of the paging group.' },
      },
    },
    help: 'Paging groups that the phone listens to, first is most important.',
  },
] as const satisfies readonly Variable[];
