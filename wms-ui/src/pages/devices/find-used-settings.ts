/** Which settings have an effect on some of several devices: that depends on their models. */
import type { z } from 'zod';
import type { ListedDevice } from '../../../../system/management-plane/api/routes/devices/schema.ts';
import type { deviceSettingsSchema } from '../../../../system/management-plane/api/routes/explained-devices/schema.ts';
import { getSeveral } from '../../lib/api/get-several.ts';
import { ApiError } from '../../lib/api/problem.ts';

/** Undefined where a vendor is not known yet: any setting may have an effect then. */
export async function findUsedSettings(
  devices: readonly ListedDevice[],
): Promise<ReadonlySet<string> | undefined> {
  const oneOfEachModel = new Map(
    devices.map(({ mac, vendor, model }) => [`${vendor ?? ''} ${model ?? ''}`, mac]),
  );
  try {
    const answers = await getSeveral<z.infer<typeof deviceSettingsSchema>>(
      [...oneOfEachModel.values()].map((mac) => `/devices/${mac}/settings`),
    );
    return new Set(
      answers.flatMap(({ items }) => items.filter(({ isUsed }) => isUsed).map(({ name }) => name)),
    );
  } catch (error) {
    if (error instanceof ApiError && error.code === 'conflict') {
      return undefined;
    }
    throw error;
  }
}
