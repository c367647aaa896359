/**
 * The account at a service that tells devices fresh from the factory where their PBX is: one record per
 * service, with the service's name as id. Browser-safe.
 */
import { z } from 'zod';
import { pemCertificateSchema } from './device-authority.ts';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

export const redirectionServiceNames = [
  'yealink-rps',
  'yealink-ymcs',
  'snom-sraps',
  'grandstream-gaps',
  'grandstream-gdms',
  'portal',
] as const;
export type RedirectionServiceName = (typeof redirectionServiceNames)[number];

export const redirectionSecretNames = ['password', 'clientSecret'] as const;
export type RedirectionSecretName = (typeof redirectionSecretNames)[number];

const redirectionServiceFields = {
  service: requiredField(z.enum(redirectionServiceNames), {
    label: 'Service',
    help: 'Which service it is.',
    changeableBy: administrators,
  }),
  enabled: defaultedField(z.boolean(), false, {
    label: 'Use this service',
    help: 'Devices can be registered there; nothing is sent while it is off.',
    changeableBy: administrators,
  }),
  automatic: defaultedField(z.boolean(), false, {
    label: 'Register new devices by itself',
    help: 'Devices of the vendor that wait for their first contact are registered without being asked.',
    changeableBy: administrators,
  }),
  address: optionalField(
    z
      .string()
      .max(200)
      .regex(
        /^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/,
        'must begin with https://',
      ),
    {
      label: 'Address',
      help: 'Of a region or an installation of your own; the usual one when empty.',
      changeableBy: administrators,
    },
  ),
  account: optionalField(lineOfText(120), {
    label: 'User name',
    help: 'Account at the service.',
    changeableBy: administrators,
  }),
  clientId: optionalField(lineOfText(120), {
    label: 'Client, key or customer number',
    help: 'As the service names it.',
    changeableBy: administrators,
  }),
  organisation: optionalField(lineOfText(64), {
    label: 'Organisation',
    help: 'Its number there; the first one when empty.',
    changeableBy: administrators,
  }),
  site: optionalField(lineOfText(64), {
    label: 'Site, profile or server',
    help: 'Where devices are put; the usual place when empty.',
    changeableBy: administrators,
  }),
  linkDays: defaultedField(z.int().min(1).max(30), 7, {
    label: 'Address works for (days)',
    help: 'It is renewed while the device still waits for its first contact.',
    unit: 'days',
    changeableBy: administrators,
  }),
  authority: optionalField(pemCertificateSchema, {
    label: 'Certificate authority',
    help: 'In PEM, only for an installation of your own that no public authority vouches for.',
    changeableBy: administrators,
  }),
  secrets: defaultedField(
    z.partialRecord(z.enum(redirectionSecretNames), z.string().max(2000).startsWith('sealed.')),
    {},
    {
      label: 'Passwords',
      help: 'Password of the account and secret of the client; stored sealed.',
      changeableBy: administrators,
      isSecret: true,
      isSealed: true,
    },
  ),
};

export type RedirectionService = DocumentOf<typeof redirectionServiceFields>;

export const redirectionServiceEntity = new Entity(
  'redirection-service',
  redirectionServiceFields,
  checkService,
);

function checkService({ service }: RedirectionService, id: string): ValidationIssue[] {
  return service === id
    ? []
    : [{ path: 'service', code: 'built-in', message: 'the service of a record never changes' }];
}
