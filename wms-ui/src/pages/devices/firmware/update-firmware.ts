/** "Update firmware": the newest image of the library for each device, after a question. */
import type { ListedDevice } from '../../../../../system/management-plane/api/routes/devices/schema.ts';
import { api } from '../../../lib/api/client.ts';
import { describeError } from '../../../lib/api/describe-error.ts';
import { t } from '../../../lib/i18n/i18n.svelte.ts';
import { router } from '../../../lib/router/router.svelte.ts';
import { confirmations } from '../../../lib/state/confirmations.svelte.ts';
import { toasts } from '../../../lib/state/toasts.svelte.ts';
import { fullTitleOfDevice } from '../../../domains/devices/title-of-device.ts';

/** Those of the devices that have something newer waiting. */
export function updatableOf(devices: readonly ListedDevice[]): readonly ListedDevice[] {
  return devices.filter(
    ({ newerFirmware, isUpdating }) => newerFirmware !== undefined && !isUpdating,
  );
}

/** Resolves true when the devices are being updated. */
export async function updateFirmware(devices: readonly ListedDevice[]): Promise<boolean> {
  const chosen = updatableOf(devices);
  const { isConfirmed } = await confirmations.ask({
    title: t('firmware.updateTitle', { count: chosen.length }),
    text: t('firmware.updateText'),
    names: chosen.map(
      (device) =>
        `${fullTitleOfDevice(device)}: ${device.firmware ?? ''} → ${device.newerFirmware?.version ?? ''}`,
    ),
    confirmLabel: t('firmware.update'),
  });
  if (!isConfirmed) {
    return false;
  }
  try {
    await api.post('/firmware/updates', { macs: chosen.map(({ mac }) => mac) });
    toasts.success(t('firmware.updateStarted', { count: chosen.length }), {
      label: t('firmware.showProgress'),
      run: async () => {
        await router.navigate('/firmware/rollouts');
      },
    });
    return true;
  } catch (error) {
    toasts.failure(describeError(error));
    return false;
  }
}
