/** Deletes contacts and phonebooks after a question, and offers to take it back. Each resolves true when done. */
import type {
  Contact,
  Phonebook,
  PhonebookChangeDone,
} from '../../../../system/management-plane/api/routes/phonebooks/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { confirmations } from '../../lib/state/confirmations.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import { tellPhonebookChange } from './tell-phonebook-change.ts';

export async function deleteContacts(
  contacts: readonly Contact[],
  onundone: () => void,
): Promise<boolean> {
  const names = contacts.map(({ name }) => name);
  return (
    (await askForContacts(contacts.length, names)) &&
    (await deleteMany({ ids: contacts.map(({ id }) => id) }, contacts.length, onundone))
  );
}

/** All contacts of the book that the search leaves; `count` tells how many these are. */
export async function deleteFound(
  book: Phonebook,
  search: string,
  count: number,
  onundone: () => void,
): Promise<boolean> {
  const request = { phonebook: book.id, ...(search === '' ? {} : { search }) };
  return (await askForContacts(count, [])) && (await deleteMany(request, count, onundone));
}

export async function deletePhonebook(book: Phonebook, onundone: () => void): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('phonebooks.deleteTitle', { name: book.name }),
    text: t('phonebooks.deleteText', { count: book.contacts }),
    names: [],
    confirmLabel: t('phonebooks.deleteConfirm'),
    isDangerous: true,
  });
  return (
    isConfirmed &&
    (await tellFailure(async () => {
      const { data } = await api.request<PhonebookChangeDone>('DELETE', `/phonebooks/${book.id}`, {
        ifMatch: `"${String(book.version)}"`,
      });
      tellPhonebookChange(t('phonebooks.deleted', { name: book.name }), data.change, onundone);
    }))
  );
}

async function askForContacts(count: number, names: readonly string[]): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('contacts.deleteTitle', { count }),
    text: t('contacts.deleteText'),
    names,
    confirmLabel: t('contacts.deleteConfirm', { count }),
    isDangerous: true,
  });
  return isConfirmed;
}

async function deleteMany(request: object, count: number, onundone: () => void): Promise<boolean> {
  return tellFailure(async () => {
    const { change } = await api.post<PhonebookChangeDone>('/contacts/delete', request);
    tellPhonebookChange(t('contacts.deleted', { count }), change, onundone);
  });
}

async function tellFailure(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    toasts.failure(describeError(error));
    return false;
  }
}
