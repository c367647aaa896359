/** Deletion, rejection and new passwords for devices, each after a question that names them. */
import type { z } from 'zod';
import type {
  devicesChangedSchema,
  ListedDevice,
} from '../../../../system/management-plane/api/routes/devices/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { confirmations } from '../../lib/state/confirmations.svelte.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import { fullTitleOfDevice, titleOfDevice } from '../../domains/devices/title-of-device.ts';

type Named = Pick<ListedDevice, 'mac' | 'comment'>;

/** Resolves true when the devices are gone. */
export async function deleteDevices(
  devices: readonly Named[],
  onundone: () => void,
): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('devices.deleteTitle', { count: devices.length }),
    text: t('devices.deleteText', { count: devices.length }),
    names: devices.map(fullTitleOfDevice),
    confirmLabel: t('devices.deleteConfirm', { count: devices.length }),
    isDangerous: true,
  });
  return (
    isConfirmed &&
    (await run(
      '/devices/delete',
      devices,
      t('devices.deleted', { count: devices.length, name: nameOf(devices) }),
      onundone,
    ))
  );
}

/** Resolves true when the devices are gone and kept out. */
export async function rejectDevices(
  devices: readonly Named[],
  onundone: () => void,
): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('devices.rejectTitle', { count: devices.length }),
    text: t('devices.rejectText', { count: devices.length }),
    names: devices.map(fullTitleOfDevice),
    confirmLabel: t('devices.rejectConfirm', { count: devices.length }),
    isDangerous: true,
  });
  return (
    isConfirmed &&
    (await run(
      '/devices/reject',
      devices,
      t('devices.rejected', { count: devices.length, name: nameOf(devices) }),
      onundone,
    ))
  );
}

/** Resolves true when the devices have new secrets. */
export async function resetPasswords(
  devices: readonly Named[],
  onundone: () => void,
): Promise<boolean> {
  const { isConfirmed } = await confirmations.ask({
    title: t('devices.resetTitle', { count: devices.length }),
    text: t('devices.resetText', { count: devices.length }),
    names: devices.map(fullTitleOfDevice),
    confirmLabel: t('devices.resetConfirm'),
  });
  return (
    isConfirmed &&
    (await run(
      '/devices/reset-passwords',
      devices,
      t('devices.passwordsReset', { count: devices.length, name: nameOf(devices) }),
      onundone,
    ))
  );
}

async function run(
  path: string,
  devices: readonly Named[],
  told: string,
  onundone: () => void,
): Promise<boolean> {
  try {
    const reply = await api.request<z.infer<typeof devicesChangedSchema>>('POST', path, {
      body: { macs: devices.map(({ mac }) => mac) },
    });
    tellChange(told, reply.revision ?? reply.data.revision, onundone);
    return true;
  } catch (error) {
    toasts.failure(describeError(error));
    return false;
  }
}

function nameOf([first]: readonly Named[]): string {
  return first === undefined ? '' : titleOfDevice(first);
}
