/** What is done with sets of firmware, after a question where it cannot be taken back. */
import type { FirmwareSet } from '../../../../system/management-plane/api/routes/firmware/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { confirmations } from '../../lib/state/confirmations.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

export async function setActive(set: FirmwareSet, isActive: boolean): Promise<void> {
  try {
    await api.request('PATCH', `/firmware/sets/${set.id}`, { body: { isActive } });
    toasts.success(
      t(isActive ? 'firmware.activated' : 'firmware.deactivated', { label: set.label }),
    );
  } catch (error) {
    toasts.failure(describeError(error));
  }
}

/** Resolves true when the set is gone. */
export async function deleteSet(set: FirmwareSet): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('firmware.deleteTitle', { label: set.label }),
    text: t('firmware.deleteText', { count: set.files.length }),
    names: set.files.map(({ fileName }) => fileName),
    confirmLabel: t('action.delete'),
    isDangerous: true,
  });
  if (!isConfirmed) {
    return false;
  }
  try {
    await api.request('DELETE', `/firmware/sets/${set.id}`);
    toasts.success(t('firmware.deleted', { label: set.label }));
    return true;
  } catch (error) {
    toasts.failure(describeError(error));
    return false;
  }
}
