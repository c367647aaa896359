/** Sizes of files for people. */
import { i18n } from '../../lib/i18n/i18n.svelte.ts';

/** `38.4 MB`; units are decimal, as file lists of vendors have them. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1_000_000) {
    return `${i18n.number(bytes / 1_000_000, 1)} MB`;
  }
  return bytes >= 1_000 ? `${i18n.number(bytes / 1_000)} kB` : `${i18n.number(bytes)} B`;
}
