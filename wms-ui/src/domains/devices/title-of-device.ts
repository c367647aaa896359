/** What people call a device: its comment, otherwise its MAC as the label writes it. */
interface Titled {
  readonly mac: string;
  readonly comment?: string | undefined;
}

export function titleOfDevice({ mac, comment }: Titled): string {
  return comment ?? formatMac(mac);
}

/** With its comment where it has one: `Reception (00:15:65:aa:bb:cc)`. */
export function fullTitleOfDevice({ mac, comment }: Titled): string {
  return comment === undefined ? formatMac(mac) : `${comment} (${formatMac(mac)})`;
}

/** `001565aabbcc` → `00:15:65:aa:bb:cc`. */
export function formatMac(mac: string): string {
  return mac.match(/../g)?.join(':') ?? mac;
}
