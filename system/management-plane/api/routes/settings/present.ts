/** Settings as they leave. */
import type { z } from 'zod';
import type { Settings } from '../../../../configuration/entities/settings.ts';
import type { settingsSchema } from './schema.ts';

export function presentSettings(settings: Settings): z.infer<typeof settingsSchema> {
  return { ...settings, sipNeverBlocked: [...settings.sipNeverBlocked] };
}
