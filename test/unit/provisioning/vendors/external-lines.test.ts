/**
 * External lines on every family that there is: an account of another provider keeps its own server, or
 * has no place. Which families have one registrar for all lines is the vendors' data.
 */
import { describe, expect, it } from 'vitest';
import type { Device, DeviceLine } from '../../../../provisioning/device.ts';
import type { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { LinePart, Model } from '../../../../provisioning/vendors/vendor.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import {
  catalogue,
  createDevice,
  render,
  textOf,
} from '../../../support/provisioning/complete-device.ts';

const ownHost = 'pbx.example.org';
const provider = 'sip.provider.example';
const fetchUrl = 'https://files.example.net/prov/device-token/';

/** Phones whose files have no place for the name of an account. */
const nameless: ReadonlySet<string> = new Set(['nortel 11xx']);

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

function hasOneRegistrar(vendor: CompiledVendor, model: Model): boolean {
  return vendor.sharedByLines(model).includes('server');
}

const familiesOfLines = families.filter(([, , model]) => model.lines > 1);

describe('beside a line of the PBX', () => {
  it.each(familiesOfLines.filter(([, vendor, model]) => !hasOneRegistrar(vendor, model)))(
    '[DEV-054] %s gives an external line its own server, account and voicemail',
    (_name, vendor, model) => {
      const external = createExternal(vendor.sharedByLines(model));
      const text = renderText(vendor, model, [own, external]);

      for (const part of [provider, 'ext-user', 'ext-auth', 'ext-secret']) {
        expect(text).toContain(part);
      }
      expect(text.includes('Shop outside')).toBe(
        !nameless.has(`${vendor.data.id} ${model.family}`),
      );
      // Gigaset writes ports in hexadecimal.
      expect(text).toMatch(/5066|0x13ca/i);
      expect(countOf(text, '*98765') > 0).toBe(external.voicemailNumber !== undefined);
      expect(countOf(text, 'edge.provider.example') > 0).toBe(external.outboundProxy !== undefined);
      expect(countOf(text, ownHost)).toBe(countOf(renderText(vendor, model, [own]), ownHost));
    },
  );

  it.each(familiesOfLines.filter(([, vendor, model]) => hasOneRegistrar(vendor, model)))(
    '[DEV-054] %s tells nothing of an external line to a registrar that is not its own',
    (_name, vendor, model) => {
      const external = createExternal(vendor.sharedByLines(model));

      expect(renderText(vendor, model, [own, external])).toBe(renderText(vendor, model, [own]));
    },
  );
});

describe('with a transport that the model lacks', () => {
  const lacking = families.flatMap(([name, vendor, model]) =>
    (['tls', 'tcp', 'udp'] as const)
      .filter((wanted) => vendor.transportsOf(model)?.includes(wanted) === false)
      .map((wanted) => [name, wanted, vendor, model] as const),
  );

  it.each(lacking)(
    '[DEV-054] %s is told nothing of an external line by %s',
    (_name, transport, vendor, model) => {
      const external = { ...createExternal(vendor.sharedByLines(model)), transport };

      expect(renderText(vendor, model, [own, external])).toBe(renderText(vendor, model, [own]));
      expect(renderText(vendor, model, [external])).not.toContain('ext-secret');
    },
  );
});

describe('alone', () => {
  it.each(families)(
    '%s lets an external line use its own server, and obeys the PBX all the same',
    (_name, vendor, model) => {
      const text = renderText(vendor, model, [createExternal(vendor.sharedByLines(model))]);

      for (const part of [provider, 'ext-user', 'ext-secret']) {
        expect(text).toContain(part);
      }
      expect(text).not.toContain('*97');
      for (const line of text.split('\n').filter((each) => /action_?uri|active uri/i.test(each))) {
        expect(line).not.toContain(provider);
      }
    },
  );
});
