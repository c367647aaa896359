/**
 * External lines of a device as the API takes them: a list that takes the place of the one before. A
 * line is known by its id and keeps its password until another one is given.
 */
import type { ExternalLine } from '../../configuration/entities/external-line.ts';
import { Secret } from '../../foundation/secret.ts';
import type { Sealing, Unsealing } from '../sealing.ts';

export interface LinesInDocument {
  readonly externalLines: readonly ExternalLine[];
  /** Sealed, by the id of the line. */
  readonly externalPasswords: Readonly<Record<string, string>>;
}

/** Without an id it is a new line; without a password it keeps the one it has. */
export type ExternalLineInput = Omit<ExternalLine, 'id' | 'transport'> & {
  readonly id?: string | undefined;
  readonly transport?: ExternalLine['transport'] | undefined;
  readonly password?: string | undefined;
};

export interface ExternalLineIssue {
  readonly path: string;
  readonly code: 'not-found' | 'missing';
  readonly message: string;
}

/** What is wrong with the list beside the form of its fields. */
export function findExternalLineIssues(
  before: Pick<LinesInDocument, 'externalLines'>,
  input: readonly ExternalLineInput[],
): ExternalLineIssue[] {
  const known = new Set(before.externalLines.map(({ id }) => id));
  return input.flatMap(({ id, password }, index): ExternalLineIssue[] => {
    const path = `externalLines.${String(index)}`;
    if (id !== undefined && !known.has(id)) {
      const message = `there is no external line ${id} any more`;
      return [{ path: `${path}.id`, code: 'not-found', message }];
    }
    return id === undefined && password === undefined
      ? [{ path: `${path}.password`, code: 'missing', message: 'a new line needs a password' }]
      : [];
  });
}

/** `createId`: of new lines, unique within the device. */
export function changeExternalLines(
  before: LinesInDocument,
  input: readonly ExternalLineInput[],
  mac: string,
  store: Sealing,
  createId: () => string,
): LinesInDocument {
  const externalPasswords: Record<string, string> = {};
  const externalLines = input.map(({ password, ...fields }): ExternalLine => {
    const id = fields.id ?? createId();
    const sealed =
      password === undefined
        ? before.externalPasswords[id]
        : store.seal(new Secret(password), placeOf(mac, id));
    if (sealed !== undefined) {
      externalPasswords[id] = sealed;
    }
    return { ...fields, id, transport: fields.transport ?? 'udp' };
  });
  return { externalLines, externalPasswords };
}

/** Undefined after an import without secrets, until somebody enters it. Throws SecretSealError. */
export function openExternalPassword(
  { externalPasswords }: Pick<LinesInDocument, 'externalPasswords'>,
  id: string,
  mac: string,
  store: Unsealing,
): Secret | undefined {
  const sealed = externalPasswords[id];
  return sealed === undefined ? undefined : store.unseal(sealed, placeOf(mac, id));
}

function placeOf(mac: string, id: string): string {
  return `device/${mac}/external-line/${id}`;
}
