/** Where devices send their log that are told no other server: to the PBX, while it receives logs. */
import type { Scope } from '../../../../provisioning/scope/resolve-scopes.ts';
import { findUsedVariables } from '../../../../provisioning/rendering/used-variables.ts';
import type { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';

/** The only port that devices know which cannot be told one. */
const standardPort = 514;

/** Undefined while nothing is received, or where the device could not send to that port. */
export function syslogScopeOf(
  vendor: CompiledVendor,
  model: Model,
  server: { readonly host: string; readonly port: number | undefined },
): Scope | undefined {
  const { host, port } = server;
  if (
    port === undefined ||
    (port !== standardPort && !findUsedVariables(vendor, model).has('syslog.port'))
  ) {
    return undefined;
  }
  const values = { 'syslog.server': host, 'syslog.port': port };
  return { level: 'default', name: 'syslog', values };
}
