/** For whom a rollout is, in words. */
import type { Rollout } from '../../../../system/management-plane/api/routes/firmware/schema.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';

export function describeTarget({ target, counts }: Rollout): string {
  switch (target.kind) {
    case 'models':
      return target.models.join(', ');
    case 'group':
      return t('firmware.targetGroup', { name: target.name });
    case 'devices':
      return t('firmware.targetDevices', {
        count: Object.values(counts).reduce((sum, count) => sum + count, 0),
      });
  }
}
