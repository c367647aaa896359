/** The arrows of ARCHITECTURE.md, checked. `from` may not import `to`. */
const planes = ['call-plane', 'media-plane', 'management-plane'];

/** Of system/management-plane/provisioning, the bottom first; those in one row know nothing of each other. */
const foldersOfDevices = [
  ['access', 'device-state'],
  ['directory'],
  ['devices'],
  ['shared-settings'],
  ['files'],
  ['sync'],
  ['dect', 'discovery', 'firmware', 'phone-users'],
  ['doors'],
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'foundation-is-the-bottom',
      severity: 'error',
      from: { path: '^system/foundation/' },
      to: { path: '^system/(?!foundation/)' },
    },
    ...planes.map((plane) => ({
      name: `${plane}-stands-alone`,
      comment: 'Planes meet through the bus contract, the media interface and the daemon.',
      severity: 'error',
      from: { path: `^system/${plane}/` },
      to: {
        path: `^system/(${planes.filter((other) => other !== plane).join('|')}|daemon)/`,
        pathNot: '^system/media-plane/media\\.ts$',
      },
    })),
    {
      name: 'provisioning-knows-no-plane',
      comment: 'Engine and servers of provisioning are given everything by the management plane.',
      severity: 'error',
      from: { path: '^provisioning/' },
      to: { path: '^system/(?!foundation/)' },
    },
    {
      name: 'pure-below-planes',
      comment: 'Configuration, routing and records are read by both planes and know neither.',
      severity: 'error',
      from: { path: '^system/(configuration|routing|records|caller-names|boot-settings|bus)/' },
      to: {
        path: '^system/(call-plane|media-plane|management-plane|daemon)/',
        pathNot: '^system/media-plane/media\\.ts$',
      },
    },
    {
      name: 'sip-knows-no-calls',
      severity: 'error',
      from: { path: '^system/call-plane/(sip|sdp)/' },
      to: { path: '^system/call-plane/(calls|net|registrar)/' },
    },
    {
      name: 'sip-layers-messages',
      severity: 'error',
      from: { path: '^system/call-plane/sip/messages/' },
      to: { path: '^system/call-plane/sip/(transactions|dialogs|authentication)/' },
    },
    {
      name: 'sip-layers-transactions',
      severity: 'error',
      from: { path: '^system/call-plane/sip/transactions/' },
      to: { path: '^system/call-plane/sip/(dialogs|authentication)/' },
    },
    ...[
      ['admission', 'legs|media|ringing|services'],
      ['legs', 'admission|media|ringing|services'],
      ['media', 'admission|ringing|services'],
      ['ringing', 'admission|services'],
      ['services', 'admission|ringing'],
    ].map(([folder, others]) => ({
      name: `${folder}-of-calls-stays-below`,
      severity: 'error',
      from: { path: `^system/call-plane/calls/${folder}/` },
      to: { path: `^system/call-plane/calls/(${others})/` },
    })),
    {
      name: 'doors-of-provisioning-know-no-engine',
      comment: 'Servers and clients move bytes; what files say, the management plane has rendered.',
      severity: 'error',
      from: {
        path: '^provisioning/(dhcp|discovery|ftp|http|ldap|phonebook|pnp|redirection|syslog|tftp)/',
      },
      to: { path: '^provisioning/(firmware|rendering|scope|template|vendors)/' },
    },
    ...['dhcp', 'discovery', 'ftp', 'http', 'ldap', 'pnp', 'redirection', 'syslog', 'tftp'].map(
      (door) => ({
        name: `door-${door}-knows-no-other-door`,
        severity: 'error',
        from: { path: `^provisioning/${door}/` },
        to: {
          path: `^provisioning/(?!${door}/)(dhcp|discovery|ftp|http|ldap|pnp|redirection|syslog|tftp)/`,
        },
      }),
    ),
    ...[
      ['message', 'options|leases|network'],
      ['options', 'leases|network'],
      ['leases', 'network'],
      ['network', 'options|leases'],
    ].map(([folder, others]) => ({
      name: `${folder}-of-dhcp-stays-below`,
      severity: 'error',
      from: { path: `^provisioning/dhcp/${folder}/` },
      to: { path: `^provisioning/dhcp/(${others})/` },
    })),
    {
      name: 'engine-of-provisioning-knows-no-door',
      severity: 'error',
      from: {
        path: '^provisioning/(firmware|identify|rendering|scope|template|time-zone|vendors)/',
      },
      to: {
        path: '^provisioning/(dhcp|discovery|ftp|http|ldap|phonebook|pnp|redirection|syslog|tftp)/',
      },
    },
    ...foldersOfDevices.flatMap((row, index) =>
      row.map((folder) => ({
        name: `${folder}-of-provisioning-knows-none-above`,
        severity: 'error',
        from: { path: `^system/management-plane/provisioning/${folder}/` },
        to: {
          path: `^system/management-plane/provisioning/(${[
            ...[row.filter((other) => other !== folder), foldersOfDevices.slice(index + 1)]
              .flat(2)
              .map((other) => `${other}/`),
            '[^/]+\\.ts$',
          ].join('|')})`,
        },
      })),
    ),
    {
      name: 'devices-know-no-way-to-them',
      comment: 'Below the doors nobody asks by which way a device or its administrator came.',
      severity: 'error',
      from: { path: '^system/management-plane/provisioning/(?!doors/)[^/]+/' },
      to: { path: '^system/management-plane/(api|device-access|redirection)/' },
    },
    {
      name: 'doors-of-devices-know-no-api',
      severity: 'error',
      from: { path: '^system/management-plane/(device-access|provisioning/doors|redirection)/' },
      to: { path: '^system/management-plane/api/' },
    },
    {
      name: 'ways-to-devices-know-the-lower-folders',
      comment: 'Files and their doors are given to device access, see DoorsOptions.',
      severity: 'error',
      from: { path: '^system/management-plane/(device-access|redirection)/' },
      to: {
        path: '^system/management-plane/provisioning/(?!(access|device-state|devices|directory)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'firmware-library-knows-no-rollout',
      severity: 'error',
      from: { path: '^system/management-plane/provisioning/firmware/library/' },
      to: { path: '^system/management-plane/provisioning/firmware/(rollout/|[^/]+\\.ts$)' },
    },
    {
      name: 'rollout-knows-no-front-of-firmware',
      severity: 'error',
      from: { path: '^system/management-plane/provisioning/firmware/rollout/' },
      to: { path: '^system/management-plane/provisioning/firmware/[^/]+\\.ts$' },
    },
    {
      name: 'below-the-configuration-store',
      comment:
        'Accounts and values of devices are understood by the store of the configuration and by provisioning.',
      severity: 'error',
      from: { path: '^system/management-plane/(device-accounts|provisioning-values)/' },
      to: {
        path: '^system/management-plane/(?!(accounts|device-accounts|provisioning-values)/|sealing\\.ts)',
      },
    },
    {
      name: 'stores-know-no-services-of-devices',
      comment: 'What every installation has stands without devices, phonebooks and the web.',
      severity: 'error',
      from: {
        path: '^system/management-plane/(accounts|configuration-store|csv|records|registrations|storage)/',
      },
      to: {
        path: '^system/management-plane/(api|device-access|phonebooks|provisioning|redirection)/',
      },
    },
    {
      name: 'phonebooks-know-no-devices',
      comment: 'Devices and the web are given to them, see PhonebooksSurroundings.',
      severity: 'error',
      from: { path: '^system/management-plane/phonebooks/' },
      to: { path: '^system/management-plane/(api|device-access|provisioning|redirection)/' },
    },
    {
      name: 'areas-of-wms-know-no-other',
      comment: 'What several areas show lies in wms-ui/src/domains.',
      severity: 'error',
      from: { path: '^wms-ui/src/pages/([^/]+)/' },
      to: { path: '^wms-ui/src/pages/[^/]+/', pathNot: '^wms-ui/src/pages/$1/' },
    },
    {
      name: 'domains-of-wms-know-no-page',
      severity: 'error',
      from: { path: '^wms-ui/src/domains/' },
      to: { path: '^wms-ui/src/pages/' },
    },
    {
      name: 'lib-of-wms-knows-no-domain',
      severity: 'error',
      from: { path: '^wms-ui/src/lib/' },
      to: { path: '^wms-ui/src/(domains|pages)/' },
    },
    {
      name: 'ui-sees-schemas-only',
      severity: 'error',
      from: { path: '^wms-ui/' },
      to: {
        path: '^system/',
        pathNot:
          '^system/(management-plane/api/(routes/[^/]+/schema|wire/list-query|errors/problem|permission|wire/event-note)|configuration/entities/[^/]+|routing/trace|foundation/logger)\\.ts$',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.svelte', '.json'] },
  },
};
