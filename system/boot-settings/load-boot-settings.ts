/**
 * Puts the boot settings together: presets, then the file, then the environment, later ones win.
 * The file is JSON; environment variables are the setting's name in capitals behind `CAMPANILE_`:
 * `CAMPANILE_SIP_PORT=5080`, lists separated by commas.
 */
import { readFileSync } from 'node:fs';
import { toErrorMessage } from '../foundation/app-error.ts';
import {
  type BootSettingName,
  type BootSettings,
  bootSettingsSchema,
  type PortPreset,
  portPresets,
} from './boot-settings.ts';
import { BootSettingsError } from './boot-settings-error.ts';
import { findNearestName } from './nearest-name.ts';

export interface BootSettingsSources {
  readonly preset: PortPreset;
  /** Path of the JSON file; undefined when there is none. A named file must exist. */
  readonly file: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly defaultDataDirectory: string;
}

const environmentPrefix = 'CAMPANILE_';
/** Read by the start script itself, not a setting of the daemon. */
const environmentOfOthers = new Set(['CAMPANILE_CONFIG']);
const names = Object.keys(bootSettingsSchema.shape) as BootSettingName[];

/** Throws BootSettingsError naming every wrong value and, for unknown names, the nearest known one. */
export function loadBootSettings(sources: BootSettingsSources): BootSettings {
  const issues: string[] = [];
  const given: Record<string, unknown> = {
    dataDirectory: sources.defaultDataDirectory,
    listenAddresses: ['0.0.0.0', '::'],
    logLevel: 'info',
    sourceLimits: 'on',
    ...portPresets[sources.preset],
    ...readFile(sources.file, issues),
    ...readEnvironment(sources.environment, issues),
  };
  const parsed = bootSettingsSchema.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      if (issue.code !== 'unrecognized_keys') {
        issues.push(`${issue.path.join('.')}: ${issue.message}`);
      }
    }
  } else {
    issues.push(...checkRtpRange(parsed.data), ...findSharedPorts(parsed.data));
  }
  if (issues.length > 0 || !parsed.success) {
    throw new BootSettingsError('invalid', `The boot settings are wrong. ${issues.join('; ')}`, {
      details: { issues },
    });
  }
  return Object.freeze(parsed.data);
}

function checkRtpRange(settings: BootSettings): string[] {
  const { rtpPortMin, rtpPortMax } = settings;
  if (rtpPortMin % 2 !== 0 || rtpPortMax % 2 !== 1 || rtpPortMax - rtpPortMin < 3) {
    return ['rtpPortMin must be even, rtpPortMax odd and at least 3 higher'];
  }
  return [];
}

/** Each is taken over TCP: the second server would try for ever to open it. */
function findSharedPorts(settings: BootSettings): string[] {
  const names = ['sipPort', 'sipTlsPort', 'httpsPort', 'httpPort', 'ftpPort'] as const;
  return names.flatMap((name, index) => {
    const other = names.slice(0, index).find((before) => settings[before] === settings[name]);
    return other === undefined
      ? []
      : [`${name} is the same port as ${other}: ${String(settings[name])}`];
  });
}

function readFile(path: string | undefined, issues: string[]): Record<string, unknown> {
  if (path === undefined) {
    return {};
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BootSettingsError('unreadable', `Cannot read ${path}: ${toErrorMessage(error)}`, {
      cause: error,
    });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new BootSettingsError('unreadable', `${path} must hold one JSON object.`);
  }
  for (const name of Object.keys(content)) {
    if (!isName(name)) {
      issues.push(describeUnknown(name, names, `in ${path}`));
    }
  }
  return content as Record<string, unknown>;
}

function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  issues: string[],
): Record<string, unknown> {
  const byVariable = new Map(names.map((name) => [toVariable(name), name]));
  const values: Record<string, unknown> = {};
  for (const [variable, text] of Object.entries(environment)) {
    if (
      text === undefined ||
      !variable.startsWith(environmentPrefix) ||
      environmentOfOthers.has(variable)
    ) {
      continue;
    }
    const name = byVariable.get(variable);
    if (name === undefined) {
      issues.push(describeUnknown(variable, [...byVariable.keys()], 'in the environment'));
    } else {
      values[name] = parseVariable(name, text);
    }
  }
  return values;
}

function parseVariable(name: BootSettingName, text: string): unknown {
  if (name === 'listenAddresses') {
    return text.split(',').map((part) => part.trim());
  }
  // A number that is none stays text, so that the schema complains about it by name.
  return name.includes('Port') || name.includes('port') ? toNumber(text) : text;
}

function toNumber(text: string): unknown {
  return /^\d{1,5}$/.test(text) ? Number(text) : text;
}

function toVariable(name: string): string {
  return environmentPrefix + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function isName(name: string): boolean {
  return (names as string[]).includes(name);
}

function describeUnknown(unknown: string, known: readonly string[], where: string): string {
  const nearest = findNearestName(unknown, known);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `Unknown setting ${unknown} ${where}.${hint}`;
}
