/** Every route of the API. A resource that is not in this list does not exist. */
import type { Route } from './route.ts';
import { auditRoutes } from './routes/audit/routes.ts';
import { blockedAddressesRoutes } from './routes/blocked-addresses/routes.ts';
import { callRecordsRoutes } from './routes/call-records/routes.ts';
import { callsRoutes } from './routes/calls/routes.ts';
import { configurationRoutes } from './routes/configuration/routes.ts';
import { deviceAccessRoutes } from './routes/device-access/routes.ts';
import { deviceFilesRoutes } from './routes/device-files/routes.ts';
import { dectHandsetRoutes } from './routes/dect/handset-routes.ts';
import { dectRoutes } from './routes/dect/routes.ts';
import { deviceGroupsRoutes } from './routes/device-groups/routes.ts';
import { deviceModelsRoutes } from './routes/device-models/routes.ts';
import { deviceTemplatesRoutes } from './routes/device-templates/routes.ts';
import { devicesBulkRoutes } from './routes/devices/bulk-routes.ts';
import { devicesRoutes } from './routes/devices/routes.ts';
import { dhcpRoutes } from './routes/dhcp/routes.ts';
import { firmwareRoutes } from './routes/firmware/routes.ts';
import { rolloutsRoutes } from './routes/firmware/rollouts-routes.ts';
import { healthRoutes } from './routes/health/routes.ts';
import { myRoutes } from './routes/my/routes.ts';
import { partsRoutes } from './routes/parts/routes.ts';
import { phoneProfileRoutes } from './routes/phone-profile/routes.ts';
import { contactsRoutes } from './routes/phonebooks/contacts-routes.ts';
import { ldapRoutes } from './routes/phonebooks/ldap-routes.ts';
import { phonebooksRoutes } from './routes/phonebooks/routes.ts';
import { provisioningRoutes } from './routes/provisioning/routes.ts';
import { redirectionRoutes } from './routes/redirection/routes.ts';
import { createReferenceRoutes } from './routes/reference/routes.ts';
import { registrationsRoutes } from './routes/registrations/routes.ts';
import { revisionsRoutes } from './routes/revisions/routes.ts';
import { sessionRoutes } from './routes/session/routes.ts';
import { settingsRoutes } from './routes/settings/routes.ts';
import { tokensRoutes } from './routes/tokens/routes.ts';
import { usersBulkRoutes } from './routes/users/bulk-routes.ts';
import { usersRoutes } from './routes/users/routes.ts';
import { versionRoutes } from './routes/version/routes.ts';

export const routeTable: readonly Route[] = [
  ...sessionRoutes,
  ...usersRoutes,
  ...usersBulkRoutes,
  ...phoneProfileRoutes,
  ...devicesRoutes,
  ...devicesBulkRoutes,
  ...dectRoutes,
  ...dectHandsetRoutes,
  ...deviceGroupsRoutes,
  ...deviceModelsRoutes,
  ...deviceTemplatesRoutes,
  ...deviceFilesRoutes,
  ...deviceAccessRoutes,
  ...redirectionRoutes,
  ...provisioningRoutes,
  ...dhcpRoutes,
  ...registrationsRoutes,
  ...blockedAddressesRoutes,
  ...callsRoutes,
  ...callRecordsRoutes,
  ...myRoutes,
  ...phonebooksRoutes,
  ...contactsRoutes,
  ...ldapRoutes,
  ...firmwareRoutes,
  ...rolloutsRoutes,
  ...revisionsRoutes,
  ...settingsRoutes,
  ...configurationRoutes,
  ...partsRoutes,
  ...tokensRoutes,
  ...auditRoutes,
  ...versionRoutes,
  ...healthRoutes,
  ...createReferenceRoutes(() => routeTable),
];
