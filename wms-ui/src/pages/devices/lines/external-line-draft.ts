/** External lines of a device while they are edited: as they are saved, with passwords that are new. */
import type { ExternalLine } from '../../../../../system/management-plane/api/routes/devices/schema.ts';
import type { Issue } from '../../../lib/api/problem.ts';
import { externalLineFacts, type ExternalLineField } from '../../../lib/forms/entity-facts.ts';
import type { FormValues } from '../../../lib/forms/form-values.ts';

export type ExternalLineDraft = Omit<ExternalLine, 'id' | 'hasPassword'> & {
  /** Missing for a new one. */
  readonly id?: string;
  /** Missing where the saved one stays. */
  readonly password?: string;
  readonly hasPassword: boolean;
};

export const externalLineFieldNames = Object.keys(externalLineFacts) as ExternalLineField[];

/** `0612345 at sip.provider.example:5066` without the words. */
export function addressOfLine({ userName, host, port }: ExternalLineDraft): string {
  return `${userName}@${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${String(port)}`}`;
}

export function titleOfLine(line: ExternalLineDraft): string {
  return line.displayName ?? line.userName;
}

export function toFormValues(line: ExternalLineDraft | undefined): FormValues {
  return Object.fromEntries(
    externalLineFieldNames.map((name) => [
      name,
      line?.[name] ?? externalLineFacts[name].defaultValue,
    ]),
  );
}

/** As a PATCH takes it. */
export function toRequest({
  hasPassword: _known,
  ...line
}: ExternalLineDraft): Readonly<Record<string, unknown>> {
  return line;
}

/** Which line of the list and which field an issue of the request belongs to. */
export function placeOfIssue({
  path,
}: Issue): { readonly index: number; readonly field: string } | undefined {
  const found = /^externalLines\.(\d+)(?:\.(\w+))?$/.exec(path);
  return found === null ? undefined : { index: Number(found[1]), field: found[2] ?? '' };
}
