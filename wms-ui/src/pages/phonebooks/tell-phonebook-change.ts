/** Tells that a phonebook was changed and offers to take it back. */
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

/** `onundone` is called after the change was taken back. */
export function tellPhonebookChange(text: string, change: number, onundone: () => void): void {
  toasts.success(text, {
    label: t('action.undo'),
    run: async () => {
      await undoPhonebookChange(change, onundone);
    },
  });
}

export async function undoPhonebookChange(change: number, onundone: () => void): Promise<void> {
  try {
    await api.post(`/phonebook-changes/${String(change)}/undo`);
    toasts.success(t('undo.done'));
    onundone();
  } catch (error) {
    toasts.failure(describeError(error));
  }
}
