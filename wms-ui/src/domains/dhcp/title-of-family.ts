/** What a family of phones in the table of DHCP options is called in the page's language. */
import { i18n } from '../../lib/i18n/i18n.svelte.ts';

/** Names of makers stand as they are; words between them are told in the page's language. */
export function titleOfFamily(family: string): string {
  return i18n.find(`foreign.family.${family}`) ?? family;
}
