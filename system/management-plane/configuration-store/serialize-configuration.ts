/**
 * The whole configuration as text: one section per entity, one line per field, values in JSON, always
 * in the same order, so that two exports can be compared line by line. Read back by
 * parse-configuration.ts.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import { entityNames, type EntityName } from '../../configuration/entities/entity-names.ts';
import { entityByName, singleIds } from '../../configuration/entities/entity-registry.ts';
import { settingsId, type Settings } from '../../configuration/entities/settings.ts';
import { builtInAdminId, type User } from '../../configuration/entities/user.ts';
import { Secret } from '../../foundation/secret.ts';
import type { Stored } from './configuration-store.ts';
import { toExtensionOrder } from './search-text.ts';
import type { SecretSeal } from './secret-seal.ts';

/** Changes when older programs could not read the text any more. */
export const textFormat = 1;

/** The last line: what the text does not name is deleted, so one that was cut off must be noticed. */
export const endOfText = '[end]';

/** Entities whose order in the text is that of their ids, in the order of the registry. */
export type OtherEntities = Readonly<
  Partial<Record<Exclude<EntityName, 'settings' | 'user'>, readonly Stored<AnyDocument>[]>>
>;

/** Whether secrets are in the text, readable only with the key of this installation, or left out. */
export type SecretsInText = 'sealed' | 'omitted';

export function serializeConfiguration(
  settings: Settings,
  users: readonly Stored<User>[],
  secrets: SecretsInText,
  seal: SecretSeal,
  others: OtherEntities = {},
): string {
  const sections = [
    [
      '# The whole configuration. Lines beginning with # are comments; values are JSON.',
      '[text]',
      `format = ${textFormat.toString()}`,
      `secrets = ${JSON.stringify(secrets)}`,
    ],
    serializeEntity('settings', settingsId, settings, secrets, seal),
    ...serializeAll('provisioning', others, secrets, seal),
    ...serializeAll('dhcp', others, secrets, seal),
    ...serializeAll('device-access', others, secrets, seal),
    ...serializeAll('device-authority', others, secrets, seal),
    ...serializeAll('redirection-service', others, secrets, seal),
    ...inTextOrder(users).map((user) =>
      serializeEntity('user', user.id, user.document, secrets, seal),
    ),
    ...entityNames
      .slice(entityNames.indexOf('user') + 1)
      .flatMap((name) => serializeAll(name as keyof OtherEntities, others, secrets, seal)),
    [endOfText],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** How a secret that is hashed, not sealed, is bound to its place when it is sealed for the text. */
export function placeInText(entity: EntityName, id: string, field: string): string {
  return `text/${entity}/${id}/${field}`;
}

function serializeAll(
  entity: keyof OtherEntities,
  others: Partial<OtherEntities>,
  secrets: SecretsInText,
  seal: SecretSeal,
): string[][] {
  return (others[entity] ?? [])
    .toSorted((a, b) => compare(a.id, b.id))
    .map(({ id, document }) => serializeEntity(entity, id, document, secrets, seal));
}

function serializeEntity(
  entity: EntityName,
  id: string,
  document: AnyDocument,
  secrets: SecretsInText,
  seal: SecretSeal,
): string[] {
  const lines = [singleIds[entity] === undefined ? `[${entity} ${id}]` : `[${entity}]`];
  const { fieldNames, fields } = entityByName[entity];
  for (const name of fieldNames) {
    const value = document[name];
    const isSecret = fields[name]?.isSecret ?? true;
    if (value === undefined || (isSecret && secrets === 'omitted')) {
      continue;
    }
    const written =
      isSecret && fields[name]?.isSealed !== true && typeof value === 'string'
        ? seal.seal(new Secret(value), placeInText(entity, id, name))
        : value;
    lines.push(`${name} = ${JSON.stringify(written)}`);
  }
  return lines;
}

/** The built-in administrator, then by extension, then by id. */
function inTextOrder(users: readonly Stored<User>[]): Stored<User>[] {
  const keyed = users.map((user) => ({
    user,
    key: user.id === builtInAdminId ? '' : toExtensionOrder(user.document.extension),
  }));
  keyed.sort((a, b) => compare(a.key, b.key) || compare(a.user.id, b.user.id));
  return keyed.map(({ user }) => user);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
