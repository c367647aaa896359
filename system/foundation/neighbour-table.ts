/** The kernel's table of neighbours (ARP): which hardware address answered for which IPv4 address. */
import { readFile } from 'node:fs/promises';

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

/** Lines are: address, hardware type, flags, hardware address, mask, interface. */
export function parseNeighbours(table: string): readonly Neighbour[] {
  return table.split('\n').flatMap((line) => {
    const [address = '', , flags, written = '', , interfaceName = ''] = line.split(/\s+/);
    const mac = written.replaceAll(':', '').toLowerCase();
    const isComplete = (Number(flags) & complete) !== 0 && /^(?!0{12})[0-9a-f]{12}$/.test(mac);
    return isComplete ? [{ address, mac, interfaceName }] : [];
  });
}
