/**
 * Lines that a model cannot have: some devices know one registrar, one transport or one voicemail
 * number for all their lines, and some lack a transport. The account of another provider never goes
 * to a server that it does not belong to, nor without the encryption that is wanted for it, so such a
 * line has no place. Pure.
 */
import type { DeviceLine, SipServer, Transport } from '../device.ts';
import { portOf } from './render-fields.ts';
import type { LinePart } from '../vendors/vendor.ts';

export interface Misfit {
  /** Place in the list of lines, from 0. */
  readonly index: number;
  /** What it needs for itself and the model has only once, or a transport that the model lacks. */
  readonly part: LinePart | 'lackingTransport';
}

/** What the lines of a model have, as the vendor's data says. */
export interface LinePlaces {
  readonly sharedByLines: readonly LinePart[];
  /** Undefined: all that there are. */
  readonly transports: readonly Transport[] | undefined;
}

/** `transport`: of lines that name none. Only external lines can be misfits. */
export function findMisfits(
  { sharedByLines, transports }: LinePlaces,
  lines: readonly DeviceLine[],
  transport: Transport,
): readonly Misfit[] {
  const [first] = lines;
  if (first === undefined || (sharedByLines.length === 0 && transports === undefined)) {
    return [];
  }
  return lines.flatMap((line, index): readonly Misfit[] => {
    if (line.isExternal === true && transports?.includes(transportOf(line, transport)) === false) {
      return [{ index, part: 'lackingTransport' }];
    }
    const part = sharedByLines.find((shared) => {
      const own = partOf(line, shared, transport);
      // Without a voicemail of its own it only lacks the key.
      const isNothing = shared === 'voicemailNumber' && own === undefined;
      return !isNothing && own !== partOf(first, shared, transport);
    });
    return line.isExternal === true && part !== undefined ? [{ index, part }] : [];
  });
}

/** The transport that a line uses. */
export function transportOf(line: DeviceLine, transport: Transport): Transport {
  return line.transport ?? (line.isExternal === true ? 'udp' : transport);
}

function partOf(line: DeviceLine, part: LinePart, transport: Transport): string | undefined {
  switch (part) {
    case 'server':
      return addressOf(line.server, transportOf(line, transport));
    case 'transport':
      return transportOf(line, transport);
    case 'outboundProxy':
      return line.outboundProxy && addressOf(line.outboundProxy, transportOf(line, transport));
    case 'voicemailNumber':
      return line.voicemailNumber;
    default:
      return part satisfies never;
  }
}

function addressOf(server: SipServer, transport: Transport): string {
  return `${server.host.toLowerCase()} ${String(portOf(server, transport))}`;
}
