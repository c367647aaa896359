/** A route that does one thing to the devices its body names: to all or to none, as one revision. */
import type { Actor } from '../../../actor.ts';
import type { ChangeOptions } from '../../../change-options.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute, type Route } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { devicesChangedSchema, devicesRequestSchema } from './schema.ts';

export interface NamedDevicesRoute {
  readonly path: string;
  readonly summary: string;
  /** Returns the revision. */
  readonly act: (
    provisioning: ProvisioningServices,
    actor: Actor,
    macs: readonly string[],
    /** With the address that the request came from. */
    options: ChangeOptions & { readonly address: string },
  ) => Promise<number>;
}

export function defineNamedDevicesRoute({ path, summary, act }: NamedDevicesRoute): Route {
  return defineRoute({
    method: 'POST',
    path,
    permission: 'devices.write',
    summary,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: devicesRequestSchema },
    answer: { kind: 'json', status: 200, schema: devicesChangedSchema },
    handler: async ({ body: { macs }, query, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const revision = await act(provisioning, actor, macs, { ...query, address: source });
      return { body: { changed: new Set(macs).size, revision } };
    },
  });
}
