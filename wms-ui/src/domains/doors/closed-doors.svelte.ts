/** Doors that are on and do not open, told beside their switches. */
import type { ClosedDoorList } from '../../../../system/management-plane/api/routes/device-access/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import type { Fault } from '../../lib/forms/field.ts';
import { i18n, t } from '../../lib/i18n/i18n.svelte.ts';
import { session } from '../../lib/state/session.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

type ClosedDoor = ClosedDoorList['items'][number];

export class ClosedDoors {
  #items = $state.raw<readonly ClosedDoor[]>([]);

  async load(): Promise<void> {
    this.#items = (await api.get<ClosedDoorList>('/closed-doors')).items;
  }

  /** Of a switch called `tftpEnabled`. */
  faultOf(field: string): Fault | undefined {
    const closed = this.#items.find(({ door }) => field === `${door}Enabled`);
    if (closed === undefined) {
      return undefined;
    }
    const { obstacle, detail } = closed;
    return {
      text: `${i18n.serverText(detail)} ${t(`doors.obstacle.${obstacle}`)}`,
      retry: session.may('devices.write') ? () => void this.#tryAgain() : undefined,
    };
  }

  async #tryAgain(): Promise<void> {
    try {
      this.#items = (await api.post<ClosedDoorList>('/closed-doors/retry')).items;
      if (this.#items.length === 0) {
        toasts.success(t('doors.open'));
      }
    } catch (failure) {
      toasts.failure(describeError(failure));
    }
  }
}
