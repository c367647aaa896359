/** Asks before unsaved changes are dropped. */
import { t } from '../i18n/i18n.svelte.ts';
import { confirmations } from './confirmations.svelte.ts';

/** Resolves true when there is nothing to lose or the user agrees to lose it. */
export async function askToDiscard(isChanged: boolean): Promise<boolean> {
  if (!isChanged) {
    return true;
  }
  const { isConfirmed } = await confirmations.ask({
    title: t('discard.title'),
    text: t('discard.text'),
    confirmLabel: t('discard.confirm'),
    isDangerous: true,
  });
  return isConfirmed;
}
