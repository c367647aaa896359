/** What the call plane answers on the bus, and what the daemon does with what the worker tells. */
import type { ManagementPlaneEvents } from '../bus/contract.ts';
import type { CallPlaneBus } from '../bus/ends.ts';
import type { CallPlane } from '../call-plane/call-plane.ts';
import type { PartRegistry } from './part-registry.ts';

export interface ConnectedPlanes {
  readonly callPlane: CallPlane;
  readonly parts: PartRegistry;
  /** A configuration is in force: the first one lets the phones in. */
  readonly onActivated: () => void;
  readonly onReady: (ready: ManagementPlaneEvents['management.ready']) => void;
  readonly onHealth: (health: ManagementPlaneEvents['management.health']) => void;
}

export function connectPlanes(bus: CallPlaneBus, planes: ConnectedPlanes): void {
  const { callPlane, parts } = planes;
  bus.handle('snapshot.activate', ({ buffer }) => {
    const swapMs = callPlane.activate(buffer);
    planes.onActivated();
    return { swapMs };
  });
  bus.handle('caller-names.activate', ({ buffer }) => {
    callPlane.activateCallerNames(buffer);
    return {};
  });
  bus.handle('bindings.restore', ({ bindings }) => ({
    restored: callPlane.restoreBindings(bindings),
  }));
  bus.handle('bindings.list', ({ offset, limit }) => callPlane.listBindings(offset, limit));
  bus.handle('bindings.remove', (ended) => ({ removed: callPlane.removeBindings(ended) }));
  bus.handle('devices.notify', (notification) => callPlane.notifyDevice(notification));
  bus.handle('bans.list', ({ limit }) => callPlane.listBans(limit));
  bus.handle('bans.restore', ({ bans }) => ({ restored: callPlane.restoreBans(bans) }));
  bus.handle('bans.lift', ({ address }) => ({ found: callPlane.liftBan(address) }));
  bus.handle('calls.list', ({ limit }) => callPlane.calls.listCalls(limit));
  bus.handle('calls.media', ({ callRef }) => ({ legs: callPlane.calls.mediaOf(callRef) }));
  bus.handle('calls.hang-up', ({ callRef }) => ({ found: callPlane.calls.hangUp(callRef) }));
  bus.handle('parts.list', () => ({ parts: parts.list() }));
  bus.handle('parts.set-log-level', ({ name, level }) => ({
    found: parts.setLogLevel(name, level),
  }));
  bus.handle('parts.restart', ({ name }) => ({ outcome: parts.restart(name) }));
  bus.on('certificates.ready', (chains) => {
    callPlane.useCertificates(chains);
  });
  bus.on('management.ready', planes.onReady);
  bus.on('management.health', planes.onHealth);
}
