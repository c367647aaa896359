/** Settings as they leave. */
import type { z } from 'zod';
import type { Settings } from '../../../../configuration/entities/settings.ts';
import type { settingsSchema } from './schema.ts';

export function presentSettings(settings: Settings): z.infer<typeof settingsSchema> {
  const { sipNeverBlocked, deniedAddresses, allowedAddresses, sipAttackTools } = settings;
  return {
    ...settings,
    sipNeverBlocked: [...sipNeverBlocked],
    deniedAddresses: [...deniedAddresses],
    allowedAddresses: [...allowedAddresses],
    sipAttackTools: [...sipAttackTools],
  };
}
