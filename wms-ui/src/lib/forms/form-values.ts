/** The values of a form and what differs between two states of it. Pure. */
export type FieldValue = string | number | boolean | readonly string[] | undefined;
export type FormValues = Readonly<Record<string, FieldValue>>;

/** What a PATCH names: changed fields only; null takes a value away. */
export type Changes = Readonly<Record<string, Exclude<FieldValue, undefined> | null>>;

/** An empty text is the same as no value. */
export function isEqualValue(a: FieldValue, b: FieldValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => value === b[index]);
  }
  return (a === '' ? undefined : a) === (b === '' ? undefined : b);
}

/** Names of the fields whose values differ, in the order of `edited`. */
export function changedFields(saved: FormValues, edited: FormValues): readonly string[] {
  return Object.keys(edited).filter((name) => !isEqualValue(saved[name], edited[name]));
}

/** Fields edited here whose saved value someone else changed to another one meanwhile. */
export function contestedFields(
  before: FormValues,
  edited: FormValues,
  newest: FormValues,
): string[] {
  return changedFields(before, edited).filter(
    (name) =>
      !isEqualValue(before[name], newest[name]) && !isEqualValue(edited[name], newest[name]),
  );
}

/** The body of the PATCH that turns `saved` into `edited`. */
export function toChanges(saved: FormValues, edited: FormValues): Changes {
  return pickChanges(edited, changedFields(saved, edited));
}

/** The named fields as a PATCH names them. */
export function pickChanges(edited: FormValues, names: readonly string[]): Changes {
  return Object.fromEntries(
    names.map((name) => {
      const value = edited[name];
      return [name, value === undefined || value === '' ? null : value];
    }),
  );
}

/** Words of a text field that holds a list: separated by blanks, commas or line ends. */
export function parseWords(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}
