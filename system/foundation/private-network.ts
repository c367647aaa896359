/** Which addresses belong to private networks: RFC 1918, RFC 6598, RFC 4193, link-local, loopback. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (plain.includes(':')) {
    return plain === '::1' || /^f[cd]/i.test(plain) || /^fe[89ab]/i.test(plain);
  }
  const [first = -1, second = -1] = plain.split('.', 2).map(Number);
  return (
    first === 10 ||
    first === 127 ||
    (first === 192 && second === 168) ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
