/**
 * An external line: an account at another registrar (a provider, another PBX) that a device gets besides
 * the lines of its users. Its password lies sealed beside it, under the line's id. Browser-safe.
 */
import { z } from 'zod';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

/** Some DECT bases know ten registrars, the PBX among them. */
export const maximumExternalLines = 8;

/** What the user part of a SIP URI may hold without being escaped, RFC 3261 §25.1. */
const userPart = z
  .string()
  .regex(
    /^[A-Za-z0-9\-_.!~*'()&=+$,]{1,64}$/,
    'must be the user part of an address: letters, digits and signs, without @',
  );

const host = z
  .string()
  .max(253)
  .regex(
    // What ends in digits alone is an IPv4 address, or one that was mistyped.
    /^(?:(?!(?:.*\.)?\d+\.?$)[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*\.?|(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}|(?=[^.]*:)[0-9A-Fa-f:.]{2,45})$/,
    'must be a host name or an IP address',
  );

const port = z.int().min(1).max(65_535);

/** The fields that forms show, in their order. */
export const externalLineFields = {
  host: requiredField(host, {
    label: 'Registrar',
    help: 'Name or address of the server that the line registers with.',
    changeableBy: administrators,
  }),
  port: optionalField(port, {
    label: 'Port',
    help: '5060, with TLS 5061, when empty.',
    changeableBy: administrators,
  }),
  transport: defaultedField(z.enum(['udp', 'tcp', 'tls']), 'udp', {
    label: 'Transport',
    help: 'As the provider wants it.',
    changeableBy: administrators,
  }),
  userName: requiredField(userPart, {
    label: 'User name',
    help: 'Number or name of the account at the provider.',
    changeableBy: administrators,
  }),
  authName: optionalField(lineOfText(128), {
    label: 'Authentication name',
    help: 'The user name when empty.',
    changeableBy: administrators,
  }),
  displayName: optionalField(lineOfText(64), {
    label: 'Display name',
    help: 'Shown on the phone and to those who are called; the user name when empty.',
    changeableBy: administrators,
  }),
  proxyHost: optionalField(host, {
    label: 'Outbound proxy',
    help: 'Only if the provider wants one.',
    changeableBy: administrators,
  }),
  proxyPort: optionalField(port, {
    label: 'Port of the outbound proxy',
    help: '5060, with TLS 5061, when empty.',
    changeableBy: administrators,
  }),
  voicemailNumber: optionalField(
    z.string().regex(/^[A-Za-z0-9*#+._~!-]{1,64}$/, 'must be a number that the provider knows'),
    {
      label: 'Voicemail number',
      help: 'Called by the message key of this line.',
      changeableBy: administrators,
    },
  ),
} as const;

const fields = externalLineFields;

/** Everything of a line but its id. */
export const externalLineShape = {
  host: fields.host.schema,
  port: fields.port.schema.optional(),
  transport: fields.transport.schema,
  userName: fields.userName.schema,
  authName: fields.authName.schema.optional(),
  displayName: fields.displayName.schema.optional(),
  proxyHost: fields.proxyHost.schema.optional(),
  proxyPort: fields.proxyPort.schema.optional(),
  voicemailNumber: fields.voicemailNumber.schema.optional(),
};

export const externalLineId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export const externalLineSchema = z.strictObject({ id: externalLineId, ...externalLineShape });
export type ExternalLine = z.infer<typeof externalLineSchema>;

/** By the id of the line. */
export const externalPasswordsSchema = z.record(
  externalLineId,
  z.string().max(2000).startsWith('sealed.'),
);

interface LinesOfDevice {
  readonly externalLines: readonly ExternalLine[];
  readonly externalPasswords: Readonly<Record<string, string>>;
}

export function checkExternalLines({
  externalLines,
  externalPasswords,
}: LinesOfDevice): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const ids = new Set<string>();
  for (const [index, { id, proxyHost, proxyPort }] of externalLines.entries()) {
    const path = `externalLines.${index.toString()}`;
    if (ids.has(id)) {
      issues.push({ path: `${path}.id`, code: 'repeated', message: `${id} is given twice` });
    }
    ids.add(id);
    if (proxyPort !== undefined && proxyHost === undefined) {
      const message = 'a port needs the outbound proxy that it belongs to';
      issues.push({ path: `${path}.proxyHost`, code: 'missing', message });
    }
  }
  for (const id of Object.keys(externalPasswords)) {
    if (!ids.has(id)) {
      const message = 'there is no such external line';
      issues.push({ path: `externalPasswords.${id}`, code: 'not-found', message });
    }
  }
  return issues;
}
