/** The part of an address behind `?` as a record; empty values are left out of the address. */
export type Query = Readonly<Record<string, string>>;

export function parseQuery(search: string): Query {
  return Object.fromEntries(new URLSearchParams(search));
}

/** `?a=1&b=2`, or an empty text; keys in the order given. */
export function serializeQuery(
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') {
      parameters.set(key, String(value));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
