/** Deletes one entity after a question, and offers to take it back. */
import { api } from '../api/client.ts';
import { describeError } from '../api/describe-error.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { confirmations } from './confirmations.svelte.ts';
import { tellChange } from './offer-undo.ts';
import { toasts } from './toasts.svelte.ts';

interface Deletion {
  /** Of the API, without the id. */
  readonly collection: string;
  readonly entity: { readonly id: string; readonly version: number };
  readonly title: string;
  /** What goes with it. */
  readonly text: string;
  /** What is told afterwards. */
  readonly done: string;
  /** Called when it is deleted, and again when that was taken back. */
  readonly onchanged: () => Promise<void>;
}

export async function deleteEntity(deletion: Deletion): Promise<void> {
  const { collection, entity, title, text, done, onchanged } = deletion;
  const { isConfirmed } = await confirmations.ask({
    title,
    text,
    confirmLabel: t('action.delete'),
    isDangerous: true,
  });
  if (!isConfirmed) {
    return;
  }
  try {
    const { revision } = await api.request(
      'DELETE',
      `${collection}/${encodeURIComponent(entity.id)}`,
      { ifMatch: `"${String(entity.version)}"` },
    );
    tellChange(done, revision, () => void onchanged());
    await onchanged();
  } catch (error) {
    toasts.failure(describeError(error));
  }
}
