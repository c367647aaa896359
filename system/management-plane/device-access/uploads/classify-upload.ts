/** What a device stores here, by the name that it gives it. Pure. */
import { parseMac } from '../../../../provisioning/mac.ts';

export const uploadKinds = ['log', 'override', 'list', 'other'] as const;
export type UploadKind = (typeof uploadKinds)[number];

export interface UploadName {
  /** Without folders. */
  readonly name: string;
  readonly kind: UploadKind;
}

/** `override`: changes made on the device, which it reads back at the next start. */
const patterns: readonly { readonly pattern: RegExp; readonly kind: UploadKind }[] = [
  // Poly: local changes of the phone and of its web page; Yealink: those of both.
  { pattern: /^[0-9a-f]{12}-(?:phone|web|local)\.cfg$/i, kind: 'override' },
  { pattern: /^[0-9a-f]{12}-(?:calls|calllog|contact|directory)\.(?:xml|cfg)$/i, kind: 'list' },
  { pattern: /\.(?:log|txt|syslog|pcap|tar|tgz|gz|zip)$/i, kind: 'log' },
];

/** Undefined for a name that is no file's, or that names another device. */
export function classifyUpload(path: string, mac: string): UploadName | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) || name.includes('..')) {
    return undefined;
  }
  const claimed = parseMac(/^[0-9a-f]{12}(?=[-._])/i.exec(name)?.[0] ?? '');
  if (claimed !== undefined && claimed !== mac) {
    return undefined;
  }
  return { name, kind: patterns.find(({ pattern }) => pattern.test(name))?.kind ?? 'other' };
}
