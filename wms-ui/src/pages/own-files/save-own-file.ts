/** Saves a template or file of the administrator and leaves its sheet. */
import { describeError } from '../../lib/api/describe-error.ts';
import type { FormState } from '../../lib/forms/form-state.svelte.ts';
import type { FormValues } from '../../lib/forms/form-values.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';
import type { SavedEntity } from '../../lib/state/saved-entity.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

interface Sheet<Entity> {
  readonly toValues: (entity: Entity) => FormValues;
  /** Fields that are sent with every change. */
  readonly always?: readonly string[];
  readonly onclose: () => void;
  readonly onchanged: () => void;
}

/** What went wrong is shown beside the fields or told. */
export async function saveOwnFile<Entity extends { readonly name: string }>(
  record: SavedEntity<Entity>,
  form: FormState,
  { toValues, always = [], onclose, onchanged }: Sheet<Entity>,
): Promise<void> {
  if (!record.isNew && !form.isChanged) {
    onclose();
    return;
  }
  const stopRequiring = form.require(['name']);
  try {
    await form.save(async () => {
      const { comment, ...values } = form.values;
      const reply = record.isNew
        ? await record.add({ ...values, ...(comment === '' ? {} : { comment }) })
        : await record.change(
            {
              ...form.changes,
              ...Object.fromEntries(always.map((name) => [name, values[name]])),
            },
            {
              accept: (newest) => {
                form.accept(toValues(newest));
              },
            },
          );
      if (reply === undefined) {
        return;
      }
      form.acceptSaved(form.values);
      tellChange(t('files.saved', { name: reply.data.name }), reply.revision, onchanged);
      onchanged();
      onclose();
    });
  } catch (failure) {
    toasts.failure(describeError(failure));
  } finally {
    stopRequiring();
  }
}
