import { expect, test } from 'vitest';
import { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { Vendor } from '../../../../provisioning/vendors/vendor.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

const yealink = catalogue.require('yealink').data;

function compile(changes: Partial<Vendor>): CompiledVendor {
  return new CompiledVendor({ ...yealink, ...changes });
}

function withTemplate(name: string, text: string): ReadonlyMap<string, string> {
  return new Map([...yealink.templates, [name, text]]);
}

test.each<[string, Partial<Vendor>, string]>([
  [
    'a bootstrap that reads a password',
    { templates: withTemplate('bootstrap.cfg.tmpl', 'x = {{security.adminPassword}}') },
    'security.adminPassword',
  ],
  [
    'a bootstrap that lists accounts',
    { templates: withTemplate('bootstrap.cfg.tmpl', '@for line in lines\nx = 1\n@end') },
    'lines',
  ],
  [
    'a secret file that is declared open',
    {
      files: yealink.files.map((file) =>
        file.stage === 'secure' && file.isMain === true ? { ...file, isSecret: false } : file,
      ),
    },
    'is declared open but reads secrets',
  ],
  [
    'an unknown variable',
    { templates: withTemplate('device.cfg.tmpl', 'a = 1\nb = {{sip.sprt}}') },
    'yealink/device.cfg.tmpl:2',
  ],
  [
    'an unknown map',
    { templates: withTemplate('device.cfg.tmpl', 'a = {{sip.srtp|map:nothing}}') },
    'nothing',
  ],
  ['a missing template', { templates: new Map() }, 'has no template'],
  [
    'a template that includes itself',
    { templates: withTemplate('device.cfg.tmpl', '@include device.cfg.tmpl') },
    'device.cfg.tmpl',
  ],
  ['a setting outside its domain', { settings: { 'network.voiceVlanId': 9999 } }, 'voiceVlanId'],
  ['a setting that does not exist', { settings: { 'no.such': 1 } }, 'no.such'],
  [
    'a pattern for a file that is not declared',
    { requests: [{ pattern: /x/, file: 'wallpaper' }] },
    'asks for file wallpaper',
  ],
  ['a generic model that is not declared', { genericModel: 'T0' }, 'T0'],
  ['a model twice', { models: [...yealink.models, ...yealink.models] }, 'declared twice'],
  [
    'a quirk of a family that nobody has',
    { quirks: [{ families: ['none'], facts: {}, why: '' }] },
    'no family none',
  ],
])('%s is refused when the vendor loads', (_, changes, message) => {
  expect(() => compile(changes)).toThrow(message);
});

test('a broken template in place of a shipped one is named with its line', () => {
  const replaced = withTemplate('device.cfg.tmpl', 'a = {{no.such}}');
  expect(() => new CompiledVendor(yealink, replaced)).toThrow(
    'yealink/device.cfg.tmpl:1: there is no variable no.such',
  );
});

test.each(catalogue.vendors.map((vendor): [string, CompiledVendor] => [vendor.data.id, vendor]))(
  '%s holds together',
  (id, vendor) => {
    const { data } = vendor;
    expect(data.id).toBe(id);
    for (const model of data.models) {
      expect(vendor.findModel(model.id), model.id).toBe(model);
      for (const alias of model.aliases ?? []) {
        expect(vendor.findModel(alias)?.id, alias).toBe(model.id);
      }
      // Whoever begins finds a bootstrap, and what it asks for next exists.
      // A device that was told the whole address begins with its own file.
      if (data.entryFile === undefined) {
        expect(vendor.filesOf(model, 'bootstrap').length, model.id).toBeGreaterThan(0);
      }
      expect(vendor.filesOf(model, 'secure').length, model.id).toBeGreaterThan(0);
    }
    for (const prefix of data.identification.macPrefixes) {
      expect(prefix).toMatch(/^[0-9A-F]{6,9}$/);
    }
    // Patterns are stateless.
    const patterns = [
      ...data.requests.map(({ pattern }) => pattern),
      ...data.identification.userAgents,
      ...data.identification.vendorClasses,
    ];
    expect(patterns.filter(({ global, sticky }) => global || sticky)).toEqual([]);
  },
);

test('what a vendor declares under a name is what its pattern for that name serves', () => {
  const wrong: string[] = [];
  for (const vendor of catalogue.vendors) {
    for (const model of vendor.data.models) {
      for (const { declaration } of vendor.filesOf(model, 'secure')) {
        const name = declaration.name
          .replace('{mac}', '0015650a0b0c')
          .replace('{MAC}', '0015650A0B0C')
          .replace('{model}', model.fileName ?? model.id)
          .replace('{product}', model.product ?? '{product}');
        const request = vendor.data.requests.find(({ pattern }) => pattern.test(name));
        const isMeant = model.id !== vendor.data.genericModel && !name.includes('{product}');
        if (isMeant && request?.file !== declaration.id) {
          wrong.push(`${vendor.data.id} ${model.id} ${name}: ${request?.file ?? 'nothing'}`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});
