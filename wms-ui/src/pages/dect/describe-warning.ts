/** What a DECT system warns of, in words. */
import type {
  DectSystem,
  DectWarning,
} from '../../../../system/management-plane/api/routes/dect/schema.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { formatMac } from '../../domains/devices/title-of-device.ts';

export function describeWarning(system: DectSystem, warning: DectWarning): string {
  const { code, mac = '', count = 0, limit = 0, signalDbm = 0 } = warning;
  return t(`dect.warning.${code}`, {
    base: titleOfBase(system, mac),
    count,
    limit,
    signal: signalDbm,
  });
}

/** Its name, where it hangs, or its MAC. */
export function titleOfBase(system: Pick<DectSystem, 'bases'>, mac: string): string {
  const base = system.bases.find((candidate) => candidate.mac === mac);
  return base?.name ?? base?.comment ?? formatMac(mac);
}
