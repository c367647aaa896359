/** What a phonebook is called: the two that everyone has are named in the reader's language. */
import type { Phonebook } from '../../../../system/management-plane/api/routes/phonebooks/schema.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';

export function titleOfPhonebook({ kind, name }: Pick<Phonebook, 'kind' | 'name'>): string {
  switch (kind) {
    case 'personal':
      return t('phonebooks.own');
    case 'colleagues':
      return t('phonebooks.colleagues');
    case 'shared':
      return name;
  }
}
