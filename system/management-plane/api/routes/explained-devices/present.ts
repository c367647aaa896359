/** What a device gets, as it leaves: secrets are covered unless they are asked for. */
import type {
  ExplainedFile,
  ExplainedSetting as Explained,
  ExplainedValue,
  FileDifference,
  FileDrift,
  LeftOutLine,
} from '../../../provisioning/files/explain-device.ts';
import { presentOptionalInstant } from '../../wire/instant.ts';
import type { ExplainedSetting } from './schema.ts';

type Secrets = 'covered' | 'revealed';

export function presentFiles(
  files: readonly ExplainedFile[],
  leftOut: readonly LeftOutLine[],
  secrets: Secrets = 'covered',
) {
  return {
    items: files.map((file) => presentFile(file, secrets)),
    leftOutLines: leftOut.map(({ name, reasons }) => ({ name, reasons: [...reasons] })),
  };
}

function presentFile({ id, file, drift }: ExplainedFile, secrets: Secrets) {
  return {
    id,
    name: file.name,
    drift: presentDrift(drift),
    lines: file.lines.map(({ text, shown, source, origins, isSecret }) => ({
      text: secrets === 'revealed' ? text : shown,
      source,
      origins: origins.map(({ variable, origin }) => ({ variable, ...origin })),
      isSecret,
    })),
  };
}

export function presentExplainedSetting(setting: Explained): ExplainedSetting {
  const { name, isSecret, isOwn, isUsed, inherited } = setting;
  return {
    name,
    ...presentValue(setting),
    isSecret,
    isOwn,
    isUsed,
    inherited: presentValue(inherited),
  };
}

function presentValue({ value, isSet, origin }: ExplainedValue) {
  return { value, isSet, origin: origin === undefined ? undefined : { ...origin } };
}

export function presentDifference({ id, name, drift, lines }: FileDifference) {
  return {
    id,
    name,
    drift: presentDrift(drift),
    lines: lines.map(({ change, shown }) => ({ change, text: shown })),
  };
}

function presentDrift({ state, servedAtMs }: FileDrift) {
  return { state, servedAt: presentOptionalInstant(servedAtMs) };
}
