/** Every page of WMS: its path, who may see it, its place in the menu, and how it is loaded. */
import type { IconName } from '../lib/components/icons.ts';
import type { TextKey } from '../lib/i18n/i18n.svelte.ts';
import type { AccountPermission } from '../lib/state/session.svelte.ts';

export interface PageProperties {
  readonly parameters: Readonly<Record<string, string>>;
}

export interface PageRoute {
  readonly pattern: string;
  /** Title of the page, also the menu entry. */
  readonly title: TextKey;
  readonly permission: AccountPermission;
  /** A component with all, some or none of `PageProperties`. */
  readonly load: () => Promise<{ readonly default: unknown }>;
  readonly menu?: { readonly section: MenuSection; readonly icon: IconName };
}

export const menuSections = [
  'start',
  'users',
  'devices',
  'deviceSetup',
  'calls',
  'settings',
  'system',
  'tools',
  'own',
] as const;
export type MenuSection = (typeof menuSections)[number];

export const routes: readonly PageRoute[] = [
  {
    pattern: '/',
    title: 'dashboard.title',
    permission: 'parts.read',
    load: async () => import('./dashboard/DashboardPage.svelte'),
    menu: { section: 'start', icon: 'dashboard' },
  },
  {
    pattern: '/users/:id?',
    title: 'users.title',
    permission: 'users.read',
    load: async () => import('./users/UsersPage.svelte'),
    menu: { section: 'users', icon: 'users' },
  },
  {
    pattern: '/phonebooks/:id?',
    title: 'phonebooks.title',
    permission: 'phonebooks.manage',
    load: async () => import('./phonebooks/PhonebooksPage.svelte'),
    menu: { section: 'users', icon: 'phonebook' },
  },
  // Takes every address below /devices: those of other pages go before it.
  {
    pattern: '/devices/:mac?/:tab?',
    title: 'devices.title',
    permission: 'devices.read',
    load: async () => import('./devices/DevicesPage.svelte'),
    menu: { section: 'devices', icon: 'device' },
  },
  {
    pattern: '/dect/:id?',
    title: 'dect.title',
    permission: 'devices.read',
    load: async () => import('./dect/DectPage.svelte'),
    menu: { section: 'devices', icon: 'dect' },
  },
  {
    pattern: '/device-groups/:id?',
    title: 'groups.title',
    permission: 'devices.read',
    load: async () => import('./device-groups/DeviceGroupsPage.svelte'),
    menu: { section: 'devices', icon: 'groups' },
  },
  {
    pattern: '/firmware/:tab?/:id?',
    title: 'firmware.title',
    permission: 'devices.read',
    load: async () => import('./firmware/FirmwarePage.svelte'),
    menu: { section: 'devices', icon: 'chip' },
  },
  {
    pattern: '/provisioning',
    title: 'provisioningPage.title',
    permission: 'devices.read',
    load: async () => import('./provisioning/ProvisioningPage.svelte'),
    menu: { section: 'deviceSetup', icon: 'provisioning' },
  },
  {
    pattern: '/device-access',
    title: 'deviceAccess.title',
    permission: 'devices.read',
    load: async () => import('./device-access/DeviceAccessPage.svelte'),
    menu: { section: 'deviceSetup', icon: 'key' },
  },
  {
    pattern: '/device-models/:id?',
    title: 'models.title',
    permission: 'devices.read',
    load: async () => import('./device-models/DeviceModelsPage.svelte'),
    menu: { section: 'deviceSetup', icon: 'model' },
  },
  {
    pattern: '/device-files/:kind?/:id?',
    title: 'files.title',
    permission: 'devices.read',
    load: async () => import('./own-files/OwnFilesPage.svelte'),
    menu: { section: 'deviceSetup', icon: 'file' },
  },
  {
    pattern: '/dhcp/:tab?',
    title: 'dhcpPage.title',
    permission: 'devices.read',
    load: async () => import('./dhcp/DhcpPage.svelte'),
    menu: { section: 'deviceSetup', icon: 'network' },
  },
  {
    pattern: '/registrations',
    title: 'registrations.title',
    permission: 'registrations.read',
    load: async () => import('./registrations/RegistrationsPage.svelte'),
    menu: { section: 'calls', icon: 'registration' },
  },
  {
    pattern: '/calls',
    title: 'calls.title',
    permission: 'calls.read',
    load: async () => import('./calls/ActiveCallsPage.svelte'),
    menu: { section: 'calls', icon: 'call' },
  },
  {
    pattern: '/call-history/:callRef?',
    title: 'history.title',
    permission: 'records.read',
    load: async () => import('./call-history/CallHistoryPage.svelte'),
    menu: { section: 'calls', icon: 'history' },
  },
  {
    pattern: '/settings/pbx',
    title: 'settings.title',
    permission: 'settings.read',
    load: async () => import('./settings/SettingsPage.svelte'),
    menu: { section: 'settings', icon: 'settings' },
  },
  {
    pattern: '/settings/system/parts',
    title: 'parts.title',
    permission: 'parts.read',
    load: async () => import('./parts/PartsPage.svelte'),
    menu: { section: 'system', icon: 'parts' },
  },
  {
    pattern: '/settings/system/revisions/:number?',
    title: 'revisions.title',
    permission: 'revisions.read',
    load: async () => import('./revisions/RevisionsPage.svelte'),
    menu: { section: 'system', icon: 'revisions' },
  },
  {
    pattern: '/settings/system/audit',
    title: 'audit.title',
    permission: 'audit.read',
    load: async () => import('./audit/AuditPage.svelte'),
    menu: { section: 'system', icon: 'audit' },
  },
  {
    pattern: '/settings/system/blocked-addresses',
    title: 'blocked.title',
    permission: 'blocks.read',
    load: async () => import('./blocked/BlockedAddressesPage.svelte'),
    menu: { section: 'system', icon: 'block' },
  },
  {
    pattern: '/settings/system/tokens',
    title: 'tokens.title',
    permission: 'tokens.manage',
    load: async () => import('./tokens/TokensPage.svelte'),
    menu: { section: 'system', icon: 'token' },
  },
  {
    pattern: '/settings/tools/configuration',
    title: 'configuration.title',
    permission: 'configuration.export',
    load: async () => import('./configuration/ConfigurationPage.svelte'),
    menu: { section: 'tools', icon: 'transfer' },
  },
  {
    pattern: '/my/calls/:callRef?',
    title: 'myCalls.title',
    permission: 'records.own',
    load: async () => import('./account/MyCallsPage.svelte'),
    menu: { section: 'own', icon: 'history' },
  },
  {
    pattern: '/my/phonebook/:id?',
    title: 'myPhonebook.title',
    permission: 'phonebooks.use',
    load: async () => import('./phonebooks/MyPhonebookPage.svelte'),
    menu: { section: 'own', icon: 'phonebook' },
  },
  {
    pattern: '/my/account',
    title: 'account.title',
    permission: 'session.own',
    load: async () => import('./account/AccountPage.svelte'),
    menu: { section: 'own', icon: 'account' },
  },
  {
    pattern: '/about',
    title: 'about.title',
    permission: 'session.own',
    load: async () => import('./about/AboutPage.svelte'),
    menu: { section: 'own', icon: 'about' },
  },
];

/** Where an account without a dashboard begins. */
export const ownStartPath = '/my/calls';

/** The address of a route without its parameters. */
export function pathOf(route: PageRoute): string {
  return route.pattern.replace(/(?:\/:[^/]+)+$/, '') || '/';
}
