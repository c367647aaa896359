/** A device that an administrator does not want: it does not come back into the list by itself. Browser-safe. */
import { z } from 'zod';
import { macSchema } from './device.ts';
import { Entity, type DocumentOf } from './entity.ts';
import { optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

export const maximumRejectedDevices = 10_000;

const rejectedDeviceFields = {
  mac: requiredField(macSchema, {
    label: 'MAC',
    help: 'Hardware address that stays out of the list of devices.',
    changeableBy: administrators,
  }),
  vendor: optionalField(lineOfText(40), {
    label: 'Vendor',
    help: 'What it was known as.',
    changeableBy: administrators,
  }),
  comment: optionalField(lineOfText(100), {
    label: 'Comment',
    help: 'The comment that the device had.',
    changeableBy: administrators,
  }),
  rejectedAt: optionalField(z.iso.datetime({ offset: true }), {
    label: 'Rejected since',
    help: 'When it was rejected.',
    changeableBy: administrators,
  }),
  rejectedBy: optionalField(lineOfText(200), {
    label: 'Rejected by',
    help: 'Who rejected it.',
    changeableBy: administrators,
  }),
};

export type RejectedDevice = DocumentOf<typeof rejectedDeviceFields>;

export const rejectedDeviceEntity = new Entity(
  'rejected-device',
  rejectedDeviceFields,
  checkRejectedDevice,
);

/** What people call it in messages. */
export function titleOfRejectedDevice({ mac, comment }: RejectedDevice): string {
  return comment === undefined ? mac : `${comment} (${mac})`;
}

function checkRejectedDevice({ mac }: RejectedDevice, id: string): ValidationIssue[] {
  return mac === id
    ? []
    : [{ path: 'mac', code: 'built-in', message: 'the MAC of a rejected device never changes' }];
}
