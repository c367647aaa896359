/** Deletes DECT systems and handsets after a question; tells it with a way back. */
import type {
  DectHandset,
  DectSystem,
} from '../../../../system/management-plane/api/routes/dect/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { confirmations } from '../../lib/state/confirmations.svelte.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import { titleOfHandset } from './dect-fields.ts';

/** Resolves true when they are gone. */
export async function deleteSystems(
  systems: readonly DectSystem[],
  onundone: () => void,
): Promise<boolean> {
  const count = systems.reduce((sum, { handsets }) => sum + handsets, 0);
  const { isConfirmed } = await confirmations.ask({
    title: t('dect.deleteSystemTitle', { count: systems.length }),
    text: count === 0 ? t('dect.deleteSystemEmpty') : t('dect.deleteSystemText', { count }),
    names: systems.map(({ name }) => name),
    confirmLabel: t('action.delete'),
    isDangerous: true,
  });
  const ids = systems.map(({ id }) => id);
  return isConfirmed && remove('/dect/systems/delete', ids, 'dect.systemsDeleted', onundone);
}

/** Resolves true when they are gone. `removesBy`: how they leave the bases. */
export async function deleteHandsets(
  handsets: readonly DectHandset[],
  removesBy: DectSystem['removesBy'],
  onundone: () => void,
): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('dect.deleteHandsetsTitle', { count: handsets.length }),
    text: t(removesBy === 'file' ? 'dect.deleteHandsetsText' : 'dect.deleteHandsetsByHand'),
    names: handsets.map(titleOfHandset),
    confirmLabel: t('action.delete'),
    isDangerous: true,
  });
  const ids = handsets.map(({ id }) => id);
  return isConfirmed && remove('/dect/handsets/delete', ids, 'dect.handsetsDeleted', onundone);
}

async function remove(
  path: string,
  ids: readonly string[],
  text: 'dect.systemsDeleted' | 'dect.handsetsDeleted',
  onundone: () => void,
): Promise<boolean> {
  try {
    const { revision } = await api.post<{ revision: number }>(path, { ids });
    tellChange(t(text, { count: ids.length }), revision, onundone);
    return true;
  } catch (error) {
    toasts.failure(describeError(error));
    return false;
  }
}
