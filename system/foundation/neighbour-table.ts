/** The kernel's tables of neighbours: which hardware address answered for which IP address. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Neighbour {
  readonly address: string;
  /** 12 hexadecimal digits, lower case. */
  readonly mac: string;
  readonly interfaceName: string;
}

const kernelTable = '/proc/net/arp';
/** ATF_COM: the neighbour has answered. */
const complete = 2;

/** Of the network namespace of this process; empty where there is no such table. Never rejects. */
export async function readNeighbours(): Promise<readonly Neighbour[]> {
  return parseNeighbours(await readFile(kernelTable, 'latin1').catch(() => ''));
}

const ipTimeoutMs = 3_000;

/** By IPv6 (RFC 4861), which only the program `ip` tells; none where it cannot be asked. Never rejects. */
export async function readIpv6Neighbours(): Promise<readonly Neighbour[]> {
  try {
    const { stdout } = await promisify(execFile)('ip', ['-6', '-json', 'neigh', 'show'], {
      timeout: ipTimeoutMs,
    });
    return parseIpv6Neighbours(stdout);
  } catch {
    // Without the program or IPv6 there are none to tell of.
    return [];
  }
}

/** As `ip -json` tells it; throws where it is no JSON. Those that do not answer are left out. */
export function parseIpv6Neighbours(text: string): readonly Neighbour[] {
  const entries = JSON.parse(text === '' ? '[]' : text) as readonly {
    readonly dst?: string;
    readonly dev?: string;
    readonly lladdr?: string;
    readonly state?: readonly string[];
  }[];
  return entries.flatMap(({ dst, dev, lladdr = '', state = [] }) => {
    const mac = lladdr.replaceAll(':', '').toLowerCase();
    const isThere = !state.includes('FAILED') && /^(?!0{12})[0-9a-f]{12}$/.test(mac);
    return dst === undefined || dev === undefined || !isThere
      ? []
      : [{ address: dst, mac, interfaceName: dev }];
  });
}

/** Lines are: address, hardware type, flags, hardware address, mask, interface. */
export function parseNeighbours(table: string): readonly Neighbour[] {
  return table.split('\n').flatMap((line) => {
    const [address = '', , flags, written = '', , interfaceName = ''] = line.split(/\s+/);
    const mac = written.replaceAll(':', '').toLowerCase();
    const isComplete = (Number(flags) & complete) !== 0 && /^(?!0{12})[0-9a-f]{12}$/.test(mac);
    return isComplete ? [{ address, mac, interfaceName }] : [];
  });
}
