/**
 * Lines that a model cannot have beside its first one: some devices know one registrar, one transport
 * or one voicemail number for all their lines. The account of another provider never goes to a server
 * that it does not belong to, so such a line has no place. Pure.
 */
import type { DeviceLine, SipServer, Transport } from './device.ts';
import { usualPort } from './render-fields.ts';
import type { LinePart } from './vendors/vendor.ts';

export interface Misfit {
  /** Place in the list of lines, from 0. */
  readonly index: number;
  /** What it needs for itself and the model has only once. */
  readonly part: LinePart;
}

/**
 * `sharedByLines`: as the vendor's data says. `transport`: of lines that name none. Only external
 * lines can be misfits.
 */
export function findMisfits(
  sharedByLines: readonly LinePart[],
  lines: readonly DeviceLine[],
  transport: Transport,
): readonly Misfit[] {
  const [first] = lines;
  if (first === undefined || sharedByLines.length === 0) {
    return [];
  }
  return lines.flatMap((line, index) => {
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

function addressOf({ host, port }: SipServer, transport: Transport): string {
  return `${host.toLowerCase()} ${String(port ?? usualPort(transport))}`;
}
