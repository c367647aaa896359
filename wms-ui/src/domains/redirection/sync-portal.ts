/** Fetches the devices that the portal assigned to this PBX. */
import type { z } from 'zod';
import type {
  portalSyncSchema,
  redirectionServiceListSchema,
} from '../../../../system/management-plane/api/routes/redirection/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { router } from '../../lib/router/router.svelte.ts';
import { confirmations } from '../../lib/state/confirmations.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

/** Tells the outcome. */
export async function syncPortal(): Promise<void> {
  try {
    const { assigned, added } = await api.post<z.infer<typeof portalSyncSchema>>(
      '/redirection/portal/sync',
    );
    toasts.success(t('redirection.synced', { assigned, added: added.length }));
  } catch (failure) {
    toasts.failure(describeError(failure));
  }
}

/** From elsewhere: leads to where the portal is turned on while it is off. */
export async function syncPortalOrTurnOn(): Promise<void> {
  try {
    const { items } =
      await api.get<z.infer<typeof redirectionServiceListSchema>>('/redirection/services');
    if (items.some(({ service, enabled }) => service === 'portal' && enabled)) {
      await syncPortal();
      return;
    }
  } catch (failure) {
    toasts.failure(describeError(failure));
    return;
  }
  const { isConfirmed } = await confirmations.ask({
    title: t('redirection.portalOffTitle'),
    text: t('redirection.portalOffText'),
    confirmLabel: t('redirection.portalOffConfirm'),
  });
  if (isConfirmed) {
    await router.navigate('/device-access');
  }
}
