/** Tells that a change was made and, where it made a revision, offers to take it back. */
import { api } from '../api/client.ts';
import { describeError } from '../api/describe-error.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { toasts } from './toasts.svelte.ts';

/** `onundone` is called after the change was taken back. */
export function tellChange(
  text: string,
  revision: number | undefined,
  onundone?: () => void,
): void {
  if (revision === undefined) {
    toasts.success(text);
    return;
  }
  toasts.success(text, {
    label: t('action.undo'),
    run: async () => {
      try {
        await api.post(`/revisions/${String(revision)}/revert`, { reason: t('undo.reason') });
        toasts.success(t('undo.done'));
        onundone?.();
      } catch (error) {
        toasts.failure(describeError(error));
      }
    },
  });
}
