/**
 * External lines on every family that there is: an account of another provider keeps its own server, or
 * has no place. Which families have one registrar for all lines is the vendors' data.
 */
import { describe, expect, it } from 'vitest';
import type { Device, DeviceLine } from '../../../../provisioning/device.ts';
import type { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { LinePart, Model } from '../../../../provisioning/vendors/vendor.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import { catalogue, createDevice, render, textOf } from '../../../support/provisioning.ts';

const ownHost = 'pbx.example.org';
const provider = 'sip.provider.example';
const fetchUrl = 'https://files.example.net/prov/device-token/';

const own: DeviceLine = {
  account: '201',
  displayName: 'Anna Bianchi',
  userName: '201',
  password: new Secret('own-secret'),
  server: { host: ownHost },
};

/** One model of each family, the one with most lines. */
const families = catalogue.vendors.flatMap((vendor) => {
  const models = vendor.data.models.toSorted((a, b) => b.lines - a.lines);
  const seen = new Set<string>();
  return models.flatMap((model): [string, CompiledVendor, Model][] => {
    const name = `${vendor.data.id} ${model.family}`;
    const isNew = model.lines > 0 && !seen.has(name);
    seen.add(name);
    return isNew ? [[`${name} (${model.id})`, vendor, model]] : [];
  });
});

function createExternal(shared: readonly LinePart[]): DeviceLine {
  return {
    isExternal: true,
    account: 'external',
    displayName: 'Shop outside',
    userName: 'ext-user',
    authName: 'ext-auth',
    password: new Secret('ext-secret'),
    server: { host: provider, port: 5066 },
    ...(shared.includes('outboundProxy')
      ? {}
      : { outboundProxy: { host: 'edge.provider.example', port: 5067 } }),
    ...(shared.includes('voicemailNumber') ? {} : { voicemailNumber: '*98765' }),
  };
}

function renderText(vendor: CompiledVendor, model: Model, lines: readonly DeviceLine[]): string {
  const device: Device = {
    ...createDevice(vendor.data.id, model.id),
    lines,
    keys: [],
    settings: { 'calls.voicemailNumber': '*97' },
  };
  return vendor
    .filesOf(model, 'secure')
    .map(({ declaration }) => textOf(render(device, declaration.id, 'secure', fetchUrl)))
    .join('\n');
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.each(families)('%s', (_name, vendor, model) => {
  const shared = vendor.sharedByLines(model);
  const external = createExternal(shared);
  const isOneRegistrar = shared.includes('server');

  it.runIf(model.lines > 1 && !isOneRegistrar)(
    '[DEV-054] gives an external line its own server, account and voicemail',
    () => {
      const text = renderText(vendor, model, [own, external]);

      for (const part of [provider, 'ext-user', 'ext-auth', 'ext-secret', 'Shop outside']) {
        expect(text).toContain(part);
      }
      // Gigaset writes ports in hexadecimal.
      expect(text).toMatch(/5066|0x13ca/i);
      expect(countOf(text, '*98765') > 0).toBe(external.voicemailNumber !== undefined);
      expect(countOf(text, 'edge.provider.example') > 0).toBe(external.outboundProxy !== undefined);
      expect(countOf(text, ownHost)).toBe(countOf(renderText(vendor, model, [own]), ownHost));
    },
  );

  it.runIf(model.lines > 1 && isOneRegistrar)(
    '[DEV-054] tells nothing of an external line to a registrar that is not its own',
    () => {
      expect(renderText(vendor, model, [own, external])).toBe(renderText(vendor, model, [own]));
    },
  );

  it('lets an external line alone use its own server, and obeys the PBX all the same', () => {
    const text = renderText(vendor, model, [external]);

    for (const part of [provider, 'ext-user', 'ext-secret']) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('*97');
    for (const line of text.split('\n').filter((each) => /action_?uri|active uri/i.test(each))) {
      expect(line).not.toContain(provider);
    }
  });
});
