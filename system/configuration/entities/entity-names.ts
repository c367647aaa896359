/** The names of all entities. Browser-safe. */

/** In the order of the text export. */
export const entityNames = [
  'settings',
  'provisioning',
  'dhcp',
  'device-access',
  'device-authority',
  'redirection-service',
  'user',
  'device-model',
  'device-template',
  'device-file',
  'device-group',
  'device',
  'rejected-device',
  'dect-system',
  'dect-handset',
] as const;
export type EntityName = (typeof entityNames)[number];
