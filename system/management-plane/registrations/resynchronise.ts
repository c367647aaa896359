/**
 * Brings both planes to the same registrations when the management plane starts: after a start of
 * the daemon the call plane gets what was stored; after a restart of the management plane alone the
 * call plane is asked, because it has gone on meanwhile.
 */
import type { BindingRecord } from '../../bus/contract.ts';
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import type { BindingStore } from './binding-store.ts';
import type { RegistrationDirectory } from './registration-directory.ts';

/** Of the bus contract. */
const bindingsPerRequest = 500;

export interface ResynchroniseOptions {
  readonly bus: Pick<ManagementPlaneBus, 'request'>;
  readonly store: BindingStore;
  readonly directory: RegistrationDirectory;
}

/** Returns how many were restored. Rejects with BusError or StorageError. */
export async function restoreStored(options: ResynchroniseOptions): Promise<number> {
  const { bus, store, directory } = options;
  const bindings = await store.load();
  directory.replaceAll(bindings);
  let restored = 0;
  for (let start = 0; start < bindings.length; start += bindingsPerRequest) {
    const piece = bindings.slice(start, start + bindingsPerRequest);
    restored += (await bus.request('bindings.restore', { bindings: piece })).restored;
  }
  return restored;
}

/** Changes that arrive while the list is read are later than it and win, also over what it says. */
export async function fetchCurrent(options: ResynchroniseOptions): Promise<number> {
  const { bus, store, directory } = options;
  const bindings: BindingRecord[] = [];
  for (;;) {
    const request = { offset: bindings.length, limit: bindingsPerRequest };
    const reply = await bus.request('bindings.list', request);
    bindings.push(...reply.bindings);
    if (reply.bindings.length === 0 || bindings.length >= reply.total) {
      break;
    }
  }
  directory.replaceAll(bindings);
  await store.replaceAll(bindings);
  return bindings.length;
}
