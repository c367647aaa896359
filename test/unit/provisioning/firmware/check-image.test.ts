/** What a file of firmware says of itself, and what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkImage, type ImageClaim } from '../../../../provisioning/firmware/check-image.ts';
import { compareFirmware, compareImages } from '../../../../provisioning/firmware-version.ts';
import { yealinkImage } from '../../../support/provisioning/firmware-images.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

const unknown = Buffer.from('no header that anybody knows');
const check = (claim: ImageClaim, head: Buffer = unknown) => checkImage(catalogue, claim, head);

function messagesOf(verdict: ReturnType<typeof check>): string {
  return verdict.kind === 'refused'
    ? verdict.faults.map(({ code, message }) => `${code}: ${message}`).join('; ')
    : 'accepted';
}

describe('a file says by its name for which models it is', () => {
  test.each([
    ['T54W(T57W,T53W)-96.86.0.118.rom', 'yealink', ['T53', 'T53W', 'T54W', 'T57W'], '96.86.0.118'],
    ['W60B-77.85.0.20.rom', 'yealink', ['W60B'], '77.85.0.20'],
    ['snomD785-10.1.175.15-SIP-r.bin', 'snom', ['D785'], '10.1.175.15'],
    [
      'spa50x-30x-7-6-2f.bin',
      'cisco-spa',
      expect.arrayContaining(['SPA303', 'SPA504G']) as string[],
      '7.6.2f',
    ],
    ['sip88xx.11-3-1MSR2-6.loads', 'cisco-mpp', ['8811', '8841', '8851', '8861'], '11.3.1MSR2.6'],
    ['x5u-2.4.12.z', 'fanvil', ['X5U'], '2.4.12'],
    ['Gigaset-N870-2.65.0.bin', 'gigaset', ['N870'], '2.65.0'],
    ['MP118_SIP_F6.60A.329.003.cmp', 'audiocodes', ['MP118'], '6.60A.329.003'],
    ['wp480-54.0.1.92.rom', 'wp4x0', ['WP480'], '54.0.1.92'],
    ['W-AIR_Base_Sync_Plus_v0740b0100.fwu', 'w-air', ['W-AIR Base Sync Plus'], '0740b0100'],
    ['M900_v0830b0011.fwu', 'snom-m', ['M900'], '0830b0011'],
  ])('%s', (fileName, vendor, models, version) => {
    expect(check({ fileName })).toMatchObject({
      kind: 'accepted',
      image: { vendor, models, version, kind: 'application', recognisedBy: 'name' },
    });
  });

  test('names without a version need it from the administrator', () => {
    const fileName = 'grp2614fw.bin';
    expect(messagesOf(check({ fileName }))).toContain('enter it as phones report it');
    expect(check({ fileName, version: '1.0.11.6' })).toMatchObject({
      kind: 'accepted',
      image: { vendor: 'grandstream', models: ['GRP2614'], version: '1.0.11.6' },
    });
    expect(check({ fileName: 'gxp2000e.bin', version: '1.2.5.3' })).toMatchObject({
      image: { vendor: 'grandstream', models: ['GXP2000'] },
    });
    expect(check({ fileName: '3111-48840-001.sip.ld', version: '6.4.3.5814' })).toMatchObject({
      image: { vendor: 'poly', models: ['VVX450'] },
    });
  });

  test('files that are fetched beside another one install nothing by themselves', () => {
    const claim = { fileName: 'rootfs88xx.11-3-1MSR2-6.sbn', models: ['8841'], version: '11.3.1' };
    expect(check(claim)).toMatchObject({ kind: 'accepted', image: { kind: 'part' } });
  });
});

test('the header is believed where the name says nothing', () => {
  const head = yealinkImage({ hardware: 66, model: 'T46S', version: '66.84.0.15' });
  expect(check({ fileName: 'update.rom' }, head)).toEqual({
    kind: 'accepted',
    image: {
      vendor: 'yealink',
      models: ['T41S', 'T42S', 'T46S', 'T48S'],
      version: '66.84.0.15',
      kind: 'application',
      recognisedBy: 'header',
    },
  });
  const part = Buffer.alloc(700);
  part.write('f97ac923', 'hex');
  part.write('ht802boot.bin', 4);
  expect(check({ fileName: 'new.bin', version: '1.0.9.3' }, part)).toMatchObject({
    image: { vendor: 'grandstream', models: ['HT802'], recognisedBy: 'header' },
  });
});

describe('firmware for the wrong model is refused with a clear message', () => {
  const head = yealinkImage({ hardware: 66, model: 'T46S', version: '66.84.0.15' });
  test.each([
    [
      { fileName: 'T46S-66.84.0.15.rom', models: ['T54W'] },
      head,
      'is firmware for T41S, T42S, T46S, T48S, not for T54W',
    ],
    [{ fileName: 'T54W-96.86.0.1.rom' }, head, 'but inside it is firmware for T41S'],
    [
      { fileName: 'T46S-66.84.0.15.rom', vendor: 'snom' },
      head,
      'is firmware of Yealink, not of Snom',
    ],
    [
      { fileName: 'T46S-66.84.0.15.rom', version: '66.86.0.15' },
      head,
      'is version 66.84.0.15, not 66.86.0.15',
    ],
    [{ fileName: 'T46S-66.84.0.15.rom', models: ['T99'] }, head, 'Yealink has no model T99'],
    [{ fileName: 'image.bin' }, unknown, 'choose the vendor'],
    [{ fileName: 'image.bin', vendor: 'snom', version: '1.0' }, unknown, 'choose the models'],
    [{ fileName: 'image.bin', vendor: 'nobody' }, unknown, 'there is no vendor nobody'],
    [{ fileName: 'T46S.rom' }, Buffer.from('PK\u0003\u0004…'), 'unpack it'],
    [{ fileName: 'T46S.rom' }, Buffer.from('\n<!DOCTYPE html><html>'), 'is a web page'],
    [{ fileName: 'T46S.rom' }, Buffer.from('%PDF-1.7'), 'is a PDF'],
    [{ fileName: 'T46S.rom' }, Buffer.alloc(0), 'is empty'],
  ])('%#', (claim, bytes, words) => {
    expect(messagesOf(check(claim, bytes))).toContain(words);
  });
});

test('what nobody knows is taken when the administrator says vendor, models and version', () => {
  expect(
    check({
      fileName: 'image.bin',
      vendor: 'snom',
      models: ['snom D785', 'D735'],
      version: '10.1',
    }),
  ).toMatchObject({
    kind: 'accepted',
    image: { vendor: 'snom', models: ['D785', 'D735'], recognisedBy: 'administrator' },
  });
});

test('any name and any bytes give a verdict', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 1_200 }),
      (name, bytes) => {
        const verdict = check({ fileName: name }, Buffer.from(bytes));
        expect(verdict.kind === 'accepted' || verdict.faults.length > 0).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

describe('versions', () => {
  test.each([
    ['96.86.0.75', '96.86.0.118', 1, -1],
    ['96.86.0.75', '66.86.0.75', 1, 0],
    ['7.6.2', '7.6.2f', 0, -1],
    ['7.6.2e', '7.6.2f', 0, -1],
    ['10.1.175', '10.1.175.0', 0, 0],
    ['11.3.1MSR2.6', '11.3.1MSR2.5', 0, 1],
  ])('%s against %s', (a, b, skip, expected) => {
    expect(Math.sign(compareImages(a, b, skip))).toBe(expected);
    expect(Math.sign(compareImages(b, a, skip))).toBe(0 - expected);
  });

  test('the bound of a quirk is written without the number of hardware', () => {
    expect(compareFirmware('96.86.0.75', '86', 1)).toBeGreaterThan(0);
    expect(compareFirmware('28.80.0.130', '81', 1)).toBeLessThan(0);
  });
});
