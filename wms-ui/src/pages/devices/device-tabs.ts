/**
 * The tabs of a device's sheet, each with its own address `/devices/<mac>/<id>`. One file each in
 * `tabs/`; a tab gets the shared `DeviceDetail` and nothing else.
 */
import type { Component } from 'svelte';
import type { Device } from '../../../../system/management-plane/api/routes/devices/schema.ts';
import type { TextKey } from '../../lib/i18n/i18n.svelte.ts';
import type { DeviceDetail } from './device-detail.svelte.ts';

export interface DeviceTabProperties {
  /** `detail.device` is loaded when the tab is shown. */
  readonly detail: DeviceDetail;
}

export interface DeviceTab {
  /** Last part of the address; empty for the first tab. */
  readonly id: string;
  readonly label: TextKey;
  readonly load: () => Promise<{ readonly default: Component<DeviceTabProperties> }>;
  /** Missing: for every device. */
  readonly isFor?: (device: Device) => boolean;
}

export const deviceTabs: readonly DeviceTab[] = [
  {
    id: '',
    label: 'devices.tab.overview',
    load: async () => import('./tabs/OverviewTab.svelte'),
  },
  {
    id: 'settings',
    label: 'devices.tab.settings',
    load: async () => import('./tabs/SettingsTab.svelte'),
  },
  {
    id: 'users',
    label: 'devices.tab.users',
    load: async () => import('./tabs/LinesTab.svelte'),
  },
  {
    id: 'changes',
    label: 'devices.tab.changes',
    load: async () => import('./tabs/DriftTab.svelte'),
  },
  {
    id: 'files',
    label: 'devices.tab.files',
    load: async () => import('./tabs/FilesTab.svelte'),
  },
  {
    id: 'custom',
    label: 'device.customLines.label',
    load: async () => import('./tabs/CustomLinesTab.svelte'),
  },
  {
    id: 'access',
    label: 'devices.tab.access',
    load: async () => import('./tabs/AccessTab.svelte'),
  },
  {
    id: 'log',
    label: 'devices.tab.log',
    load: async () => import('./tabs/LogTab.svelte'),
  },
  {
    id: 'history',
    label: 'devices.tab.history',
    load: async () => import('./tabs/HistoryTab.svelte'),
  },
];
