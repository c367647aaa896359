/** Addresses and networks as an administrator writes them: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. */
import { BlockList, isIP } from 'node:net';

/** A function that says whether an address is in one of them; what names nothing is left out. */
export function createAddressMatcher(texts: readonly string[]): (address: string) => boolean {
  if (texts.length === 0) {
    return () => false;
  }
  const list = new BlockList();
  for (const text of texts) {
    const network = parse(text);
    if (network !== undefined) {
      list.addSubnet(network.address, network.prefixBits, network.family);
    }
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function parse(
  text: string,
):
  | { readonly address: string; readonly prefixBits: number; readonly family: 'ipv4' | 'ipv6' }
  | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0 || address.includes('%')) {
    return undefined;
  }
  const longest = version === 4 ? 32 : 128;
  const prefixBits =
    prefix === undefined ? longest : /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : -1;
  return prefixBits < 0 || prefixBits > longest
    ? undefined
    : { address, prefixBits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
