/**
 * Every route of the API, by resource. A resource that is not in this list does not exist. Its modules
 * are loaded with the first request for it: the schemas of all of them would keep 10 MB that a PBX whose
 * web pages nobody looks at does not need.
 */
import type { Route } from './route.ts';

export interface Resource {
  /** With what the paths of its routes begin: `users` for `/users/{id}`. */
  readonly roots: readonly string[];
  readonly load: () => Promise<readonly Route[]>;
}

export const resources: readonly Resource[] = [
  {
    roots: ['session'],
    load: async () => (await import('./routes/session/routes.ts')).sessionRoutes,
  },
  {
    roots: ['users'],
    load: async () => (await import('./routes/users/routes.ts')).usersRoutes,
  },
  {
    roots: ['users'],
    load: async () => (await import('./routes/users/bulk-routes.ts')).usersBulkRoutes,
  },
  {
    roots: ['users', 'my'],
    load: async () => (await import('./routes/phone-profile/routes.ts')).phoneProfileRoutes,
  },
  {
    roots: ['devices'],
    load: async () => (await import('./routes/devices/routes.ts')).devicesRoutes,
  },
  {
    roots: ['devices'],
    load: async () => (await import('./routes/devices/bulk-routes.ts')).devicesBulkRoutes,
  },
  {
    roots: ['devices'],
    load: async () => (await import('./routes/explained-devices/routes.ts')).explainedDevicesRoutes,
  },
  {
    roots: ['rejected-devices'],
    load: async () => (await import('./routes/rejected-devices/routes.ts')).rejectedDevicesRoutes,
  },
  {
    roots: ['dect'],
    load: async () => (await import('./routes/dect/routes.ts')).dectRoutes,
  },
  {
    roots: ['dect'],
    load: async () => (await import('./routes/dect/handset-routes.ts')).dectHandsetRoutes,
  },
  {
    roots: ['device-groups'],
    load: async () => (await import('./routes/device-groups/routes.ts')).deviceGroupsRoutes,
  },
  {
    roots: ['device-models'],
    load: async () => (await import('./routes/device-models/routes.ts')).deviceModelsRoutes,
  },
  {
    roots: ['device-templates'],
    load: async () => (await import('./routes/device-templates/routes.ts')).deviceTemplatesRoutes,
  },
  {
    roots: ['device-files'],
    load: async () => (await import('./routes/device-files/routes.ts')).deviceFilesRoutes,
  },
  {
    roots: ['closed-doors', 'device-access', 'device-authorities', 'devices'],
    load: async () => (await import('./routes/device-access/routes.ts')).deviceAccessRoutes,
  },
  {
    roots: ['devices'],
    load: async () => (await import('./routes/device-log/routes.ts')).deviceLogRoutes,
  },
  {
    roots: ['devices'],
    load: async () => (await import('./routes/network-scan/routes.ts')).networkScanRoutes,
  },
  {
    roots: ['redirection'],
    load: async () => (await import('./routes/redirection/routes.ts')).redirectionRoutes,
  },
  {
    roots: ['provisioning'],
    load: async () => (await import('./routes/provisioning/routes.ts')).provisioningRoutes,
  },
  {
    roots: ['dhcp'],
    load: async () => (await import('./routes/dhcp/routes.ts')).dhcpRoutes,
  },
  {
    roots: ['registrations'],
    load: async () => (await import('./routes/registrations/routes.ts')).registrationsRoutes,
  },
  {
    roots: ['blocked-addresses'],
    load: async () => (await import('./routes/blocked-addresses/routes.ts')).blockedAddressesRoutes,
  },
  {
    roots: ['calls'],
    load: async () => (await import('./routes/calls/routes.ts')).callsRoutes,
  },
  {
    roots: ['call-records'],
    load: async () => (await import('./routes/call-records/routes.ts')).callRecordsRoutes,
  },
  {
    roots: ['my'],
    load: async () => (await import('./routes/my/routes.ts')).myRoutes,
  },
  {
    roots: ['phonebooks', 'phonebook-changes'],
    load: async () => (await import('./routes/phonebooks/routes.ts')).phonebooksRoutes,
  },
  {
    roots: ['contacts'],
    load: async () => (await import('./routes/phonebooks/contacts-routes.ts')).contactsRoutes,
  },
  {
    roots: ['ldap'],
    load: async () => (await import('./routes/phonebooks/ldap-routes.ts')).ldapRoutes,
  },
  {
    roots: ['firmware', 'devices'],
    load: async () => (await import('./routes/firmware/routes.ts')).firmwareRoutes,
  },
  {
    roots: ['firmware'],
    load: async () => (await import('./routes/firmware/rollouts-routes.ts')).rolloutsRoutes,
  },
  {
    roots: ['revisions'],
    load: async () => (await import('./routes/revisions/routes.ts')).revisionsRoutes,
  },
  {
    roots: ['settings'],
    load: async () => (await import('./routes/settings/routes.ts')).settingsRoutes,
  },
  {
    roots: ['configuration'],
    load: async () => (await import('./routes/configuration/routes.ts')).configurationRoutes,
  },
  {
    roots: ['parts'],
    load: async () => (await import('./routes/parts/routes.ts')).partsRoutes,
  },
  {
    roots: ['tokens'],
    load: async () => (await import('./routes/tokens/routes.ts')).tokensRoutes,
  },
  {
    roots: ['audit'],
    load: async () => (await import('./routes/audit/routes.ts')).auditRoutes,
  },
  {
    roots: ['version'],
    load: async () => (await import('./routes/version/routes.ts')).versionRoutes,
  },
  {
    roots: ['health'],
    load: async () => (await import('./routes/health/routes.ts')).healthRoutes,
  },
  {
    roots: ['openapi.json', 'reference', 'reference.css'],
    load: async () =>
      (await import('./routes/reference/routes.ts')).createReferenceRoutes(loadRoutes),
  },
];

/** All of them: for the reference. Throws when a resource declares a path that is not below its roots. */
export async function loadRoutes(): Promise<readonly Route[]> {
  const routes = await Promise.all(resources.map(loadResource));
  return routes.flat();
}

/** Throws as `loadRoutes`. */
export async function loadResource({ roots, load }: Resource): Promise<readonly Route[]> {
  const routes = await load();
  const stray = routes.find(({ path }) => !roots.includes(rootOf(path)));
  if (stray !== undefined) {
    throw new Error(`The route ${stray.method} ${stray.path} is not below ${roots.join(', ')}.`);
  }
  return routes;
}

/** `/users/{id}` → `users`. */
export function rootOf(path: string): string {
  return path.split('/', 2)[1] ?? '';
}
