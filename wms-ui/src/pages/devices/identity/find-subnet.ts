/** Mask and router of the subnet that an IPv4 address lies in. Pure. */
interface Subnet {
  /** `10.135.0.0/23` */
  readonly subnet: string;
  readonly routers?: readonly string[] | undefined;
}

export interface FoundSubnet {
  readonly mask: string;
  readonly router: string | undefined;
}

/** The narrowest subnet wins; undefined when none holds the address. */
export function findSubnet(subnets: readonly Subnet[], address: string): FoundSubnet | undefined {
  const wanted = toNumber(address);
  if (wanted === undefined) {
    return undefined;
  }
  let found: (FoundSubnet & { readonly bits: number }) | undefined;
  for (const { subnet, routers } of subnets) {
    const [network = '', length = ''] = subnet.split('/');
    const bits = Number(length);
    const base = toNumber(network);
    const size = 2 ** (32 - bits);
    const isInside =
      base !== undefined && bits <= 32 && Math.floor(base / size) === Math.floor(wanted / size);
    if (isInside && bits > (found?.bits ?? -1)) {
      found = { mask: toAddress(2 ** 32 - size), router: routers?.[0], bits };
    }
  }
  return found === undefined ? undefined : { mask: found.mask, router: found.router };
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.');
  const isAddress =
    parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
