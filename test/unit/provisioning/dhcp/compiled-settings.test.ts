import { describe, expect, it } from 'vitest';

import { compileSettings } from '../../../../provisioning/dhcp/compiled-settings.ts';
import { DhcpError } from '../../../../provisioning/dhcp/dhcp-error.ts';
import { listForeignServerOptions } from '../../../../provisioning/dhcp/options/foreign-server-options.ts';
import { phoneOptionRules } from '../../../../provisioning/dhcp/options/phone-options.ts';
import type { DhcpSettings } from '../../../../provisioning/dhcp/settings.ts';
import { createVoiceVlanRules } from '../../../../provisioning/dhcp/options/voice-vlan.ts';

const good: DhcpSettings = {
  interfaces: [
    {
      name: 'lan1',
      address: '10.0.0.1',
      isEnabled: true,
      provisioningUrl: 'http://10.0.0.1/prov/',
    },
  ],
  subnets: [
    {
      subnet: '10.0.0.0/24',
      ranges: [{ first: '10.0.0.10', last: '10.0.0.20' }],
      optionRules: createVoiceVlanRules({ id: 40, priority: 5 }),
    },
  ],
};

function findIssues(settings: DhcpSettings): unknown {
  try {
    compileSettings(settings, phoneOptionRules);
    return [];
  } catch (error) {
    return error instanceof DhcpError ? error.details['issues'] : error;
  }
}

describe('DHCP settings', () => {
  it('that are right have no issues', () => {
    expect(findIssues(good)).toEqual([]);
  });

  it('that are wrong are refused with every fault and its path', () => {
    expect(
      findIssues({
        interfaces: [
          { name: 'lan1', address: '10.9.0.1', isEnabled: true, provisioningUrl: 'http://x/' },
          { name: 'lan2', address: '10.0.0.1', isEnabled: true, provisioningUrl: 'nonsense' },
        ],
        subnets: [
          {
            subnet: '10.0.0.0/24',
            ranges: [
              { first: '10.0.0.20', last: '10.0.0.10' },
              { first: '10.0.0.0', last: '10.0.1.5' },
            ],
            leaseSec: 5,
            dnsServers: ['dns'],
            reservations: [
              { mac: '00005e005301', address: '10.0.0.5' },
              { mac: '00:00:5e:00:53:01', address: '10.0.0.6' },
              { address: '10.0.0.7' },
            ],
            optionRules: [
              { name: 'Mine', options: [{ code: 51, value: { type: 'text', text: 'x' } }] },
            ],
          },
          { subnet: '10.0.0.128/25', ranges: [] },
        ],
      }),
    ).toEqual([
      { path: 'subnets.0.leaseSec', message: 'A lease lasts from 60 seconds to 30 days.' },
      {
        path: 'subnets.0.ranges.0.last',
        message: 'A range runs upwards over at most 65,536 addresses.',
      },
      {
        path: 'subnets.0.ranges.1.first',
        message: '10.0.0.0 is the first or last address of the subnet: no host has it.',
      },
      {
        path: 'subnets.0.ranges.1.last',
        message: '"10.0.1.5" is not an address of the subnet.',
      },
      { path: 'subnets.0.reservations.1.mac', message: 'This client has a reservation already.' },
      {
        path: 'subnets.0.reservations.2.mac',
        message: 'A hardware address or client identifier is needed.',
      },
      { path: 'subnets.0.dnsServers', message: '"dns" is not an IPv4 address.' },
      { path: 'subnets.0.optionRules', message: 'Rule "Mine" cannot set option 51.' },
      { path: 'subnets', message: 'Two subnets overlap.' },
      { path: 'interfaces.0.address', message: '10.9.0.1 lies in none of the subnets.' },
      { path: 'interfaces.1.provisioningUrl', message: '"nonsense" is not a URL.' },
    ]);
  });
});

describe('the list for a foreign DHCP server', () => {
  it('has the options of every family with their values filled in', () => {
    const rows = listForeignServerOptions(
      { server: '10.0.0.1', provisioningUrl: 'http://10.0.0.1/prov/', ftpUrl: 'ftp://10.0.0.1/' },
      { http: true, tftp: true, ftp: true, isFtpPreferred: false },
    );

    expect(rows.find(({ family, code }) => family === 'Snom' && code === 67)?.value).toBe('/prov/');
    expect(rows.find(({ code }) => code === 150)).toMatchObject({
      vendorClasses: ['Cisco Systems, Inc. IP Phone'],
      type: 'IPv4 addresses',
      value: '10.0.0.1',
    });
    expect(rows.find(({ family }) => family === 'Mitel and Aastra')).toMatchObject({
      code: 43,
      type: 'sub-options',
      value: '2: http://10.0.0.1/prov/; 3: 0',
    });
    expect(rows.every(({ value }) => !value.includes('$'))).toBe(true);
  });
});
