import { describe, expect, it } from 'vitest';
import { VendorCatalogue } from '../../../../../provisioning/vendors/vendor-catalogue.ts';
import type { Model } from '../../../../../provisioning/vendors/vendor.ts';
import { dectSystemEntity } from '../../../../../system/configuration/entities/dect-system.ts';
import {
  findDectWarnings,
  toCapacity,
  type KnownBase,
} from '../../../../../system/management-plane/provisioning/dect/dect-capacity.ts';

const catalogue = new VendorCatalogue();

function modelOf(vendor: string, id: string): Model {
  return catalogue.require(vendor).requireModel(id);
}

const first = '000413000001';
const second = '000413000002';

function systemOf(bases: readonly KnownBase[], fields: Record<string, unknown> = {}) {
  return dectSystemEntity.fromStored({
    name: 'Hall',
    bases: bases.map(({ mac }) => ({ mac })),
    dataMaster: first,
    ...fields,
  });
}

describe('the capacity of a DECT system', () => {
  it.each([
    // One Snom M700 alone, and two of them: a system's limit is another.
    ['snom-m', 'M700', 1, { handsets: 30, bases: 254, calls: 10 }],
    ['snom-m', 'M700', 2, { handsets: 1000, bases: 254, calls: 16 }],
    ['snom-m', 'M400', 2, { handsets: 20, bases: 2, calls: 16 }],
    ['w-air', 'W-AIR Base', 1, { handsets: 30, bases: 250, calls: 10 }],
    ['w-air', 'W-AIR Base', 2, { handsets: 1000, bases: 250, calls: 16 }],
    ['w-air', 'W-AIR Base Sync Plus', 2, { handsets: 16_000, bases: 4000, calls: 16 }],
    ['yealink', 'W70B', 1, { handsets: 10, bases: 1, calls: 20 }],
    ['yealink', 'W90DM', 2, { handsets: 250, bases: 60, calls: 16 }],
    ['gigaset', 'N870', 2, { handsets: 250, bases: 60, calls: 16 }],
    ['grandstream', 'DP752', 1, { handsets: 5, bases: 1, calls: 5 }],
  ])('of %s %s with %i bases is that of its data', (vendor, id, count, capacity) => {
    const model = modelOf(vendor, id);
    const bases = [first, second]
      .slice(0, count)
      .map((mac): KnownBase => ({ mac, isDevice: true, model }));
    expect(toCapacity(systemOf(bases), bases)).toEqual(capacity);
  });

  it('warns when it is nearly full and when there are too many', () => {
    const bases: KnownBase[] = [{ mac: first, isDevice: true, model: modelOf('yealink', 'W70B') }];
    const codes = (handsets: number): string[] =>
      findDectWarnings(systemOf(bases), bases, handsets).map(({ code }) => code);
    expect(codes(8)).toEqual([]);
    expect(codes(9)).toEqual(['nearly-full']);
    expect(codes(11)).toEqual(['too-many-handsets']);
  });

  it('warns of what a plan of the site should not have', () => {
    const model = modelOf('snom-m', 'M900');
    const macs = [first, second, '000413000003', '000413000004'];
    const bases = macs.map((mac): KnownBase => ({ mac, isDevice: mac !== second, model }));
    const system = systemOf(bases, {
      sync: 'planned',
      bases: macs.map((mac, index) =>
        index === 0 ? { mac } : { mac, syncSource: first, signalDbm: index === 3 ? -82 : -60 },
      ),
    });
    expect(findDectWarnings(system, bases, 4)).toEqual([
      { code: 'missing-device', mac: second },
      { code: 'single-source', mac: first, count: 3 },
      { code: 'weak-signal', mac: '000413000004', signalDbm: -82 },
    ]);
  });
});
