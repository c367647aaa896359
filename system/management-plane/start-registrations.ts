/** Registrations and blocked addresses: brought to the state of the call plane, then followed. */
import type { ManagementPlaneBus } from '../bus/ends.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Services } from './open-services.ts';
import { fetchCurrent, restoreStored } from './registrations/resynchronise.ts';

export interface StartRegistrationsOptions {
  readonly bus: ManagementPlaneBus;
  readonly services: Pick<Services, 'registrations' | 'bindings' | 'bans'>;
  /** Whether the call plane has been running with registrations already. */
  readonly isRestart: boolean;
  readonly onChanged: () => void;
  readonly logger: Logger;
}

/** Never rejects: phones register again by themselves, that is no reason not to start. */
export async function startRegistrations(options: StartRegistrationsOptions): Promise<void> {
  const { bus, services, isRestart, onChanged, logger } = options;
  const { registrations: directory, bindings: store, bans } = services;
  bus.on('bindings.changed', (change) => {
    directory.change(change);
    store.change(change);
    onChanged();
  });
  bus.on('bans.changed', (change) => {
    bans.change(change);
  });
  try {
    await (isRestart ? bans.follow(bus) : bans.restore(bus));
  } catch (error) {
    logger.error('Blocked addresses could not be brought to the same state', { error });
  }
  const synchronise = isRestart ? fetchCurrent : restoreStored;
  try {
    const bindings = await synchronise({ bus, store, directory });
    logger.debug('Registrations are known', { bindings, isRestart });
  } catch (error) {
    logger.error('Registrations could not be brought to the same state', { error });
  }
}
