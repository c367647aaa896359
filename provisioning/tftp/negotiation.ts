/**
 * The options of a read request (RFC 2347): which are accepted, and with which values. Unknown ones
 * and values out of range are left out of the answer, which declines them. Pure.
 */

export interface TransferParameters {
  /** Bytes of data in a block (RFC 2348). */
  readonly blockBytes: number;
  /** Blocks sent before an acknowledgement is waited for (RFC 7440). */
  readonly windowBlocks: number;
  /** What the client fixed (RFC 2349); otherwise the server's own, growing. */
  readonly timeoutSec: number | undefined;
}

export interface Negotiation {
  readonly parameters: TransferParameters;
  /** What goes into the OACK; empty: there is none. In the order of the request. */
  readonly accepted: ReadonlyMap<string, string>;
}

const defaultBlockBytes = 512;
const minimumBlockBytes = 8;
/** One Ethernet frame of 1,500 bytes less IPv4, UDP and TFTP headers: fragments get lost together. */
const maximumBlockBytes = 1_468;
/** More blocks in flight help nobody on a local network, and flood small receive buffers. */
const maximumWindowBlocks = 64;

/** `sizeBytes`: of what will be transferred; undefined where it is not known (netascii). */
export function negotiate(
  requested: ReadonlyMap<string, string>,
  sizeBytes: number | undefined,
): Negotiation {
  const accepted = new Map<string, string>();
  let blockBytes = defaultBlockBytes;
  let windowBlocks = 1;
  let timeoutSec: number | undefined;
  for (const [name, text] of requested) {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
    if (value === undefined) {
      continue;
    }
    if (name === 'blksize' && value >= minimumBlockBytes && value <= 65_464) {
      blockBytes = Math.min(value, maximumBlockBytes);
      accepted.set(name, String(blockBytes));
    } else if (name === 'windowsize' && value >= 1 && value <= 65_535) {
      windowBlocks = Math.min(value, maximumWindowBlocks);
      accepted.set(name, String(windowBlocks));
    } else if (name === 'timeout' && value >= 1 && value <= 255) {
      timeoutSec = value;
      accepted.set(name, text);
    } else if (name === 'tsize' && sizeBytes !== undefined) {
      accepted.set(name, String(sizeBytes));
    }
  }
  return { parameters: { blockBytes, windowBlocks, timeoutSec }, accepted };
}
