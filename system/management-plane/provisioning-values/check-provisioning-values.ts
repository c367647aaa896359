/**
 * Checks the settings of devices, groups and the site against the table of provisioning variables:
 * what no schema of an entity can say, because entities know nothing of vendors. Pure.
 */
import { parseSettings } from '../../../provisioning/scope/parse-settings.ts';
import { findVariable } from '../../../provisioning/scope/variables.ts';
import type { Dhcp } from '../../configuration/entities/dhcp.ts';
import { checkDhcp } from './dhcp-settings.ts';
import { holdsSecret } from './secret-variable.ts';
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import type { ValidationIssue } from '../../configuration/entities/validation-issue.ts';

const settingEntities: ReadonlySet<EntityName> = new Set([
  'device',
  'device-model',
  'device-group',
  'provisioning',
]);

/** Every issue of the settings of a document that is valid by its schema. */
export function checkProvisioningValues(
  entity: EntityName,
  document: AnyDocument,
): ValidationIssue[] {
  if (entity === 'dhcp') {
    return checkDhcp(document as unknown as Dhcp);
  }
  if (entity === 'user') {
    const preferences = document['phonePreferences'] as Readonly<Record<string, unknown>>;
    return parseSettings(preferences).issues.map(({ path, message }) => ({
      path: `phonePreferences.${path}`,
      code: 'invalid-value',
      message,
    }));
  }
  if (!settingEntities.has(entity)) {
    return [];
  }
  const settings = document['settings'] as Readonly<Record<string, unknown>>;
  const issues = parseSettings(settings).issues.map(({ path, message }): ValidationIssue => ({
    path: `settings.${path}`,
    code: 'invalid-value',
    message,
  }));
  for (const name of Object.keys(settings)) {
    const variable = findVariable(name);
    const isSecret = variable !== undefined && settings[name] !== null && holdsSecret(variable);
    const isTold = issues.some(({ path }) => path.replace(/\[.*$/, '') === `settings.${name}`);
    if (isSecret && !isTold) {
      issues.push({
        path: `settings.${name}`,
        code: 'invalid-value',
        message: 'holds a password and is stored sealed only',
      });
    }
  }
  for (const name of Object.keys(document['secretSettings'] as object)) {
    const variable = findVariable(name);
    if (variable === undefined || !holdsSecret(variable)) {
      const message = 'there is no such secret setting';
      issues.push({ path: `secretSettings.${name}`, code: 'unknown-field', message });
    }
  }
  return issues;
}
