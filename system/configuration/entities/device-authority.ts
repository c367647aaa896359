/**
 * A certificate authority of a maker of devices: whoever shows a certificate that it signed is the
 * device whose MAC stands in it. Browser-safe; that the text is a certificate is checked where it enters.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';

const administrators = ['superadmin', 'admin'] as const;

export const maximumAuthorities = 100;

/** One certificate, with the line breaks of PEM. */
export const pemCertificateSchema = z
  .string()
  .max(16_000)
  .regex(
    /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n$/,
    'must be one certificate in PEM',
  );

const deviceAuthorityFields = {
  name: requiredField(lineOfText(100), {
    label: 'Name',
    help: 'Shown in lists and alarms; the common name of the certificate unless changed.',
    changeableBy: administrators,
  }),
  certificate: requiredField(pemCertificateSchema, {
    label: 'Certificate',
    help: 'Root or intermediate certificate that signs those of devices.',
    changeableBy: administrators,
  }),
  vendor: optionalField(lineOfText(40), {
    label: 'Vendor',
    help: 'Believed for devices with a MAC address of this vendor only; for all when empty.',
    changeableBy: administrators,
  }),
};

export type DeviceAuthority = DocumentOf<typeof deviceAuthorityFields>;

export const deviceAuthorityEntity = new Entity(
  'device-authority',
  deviceAuthorityFields,
  () => [],
);
