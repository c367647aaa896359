/** Which setting an issue is about: `settings.network.dns1`, `changes.settings.phonebooks[0].url`. */
export function nameInPath(path: string, names: readonly string[]): string | undefined {
  const [, rest] = /(?:^|\.)settings\.(.+)$/.exec(path) ?? [];
  // The longest name wins: none may hide one that begins like it.
  return names
    .filter(
      (name) =>
        rest !== undefined && rest.startsWith(name) && /^(?:$|[.[])/.test(rest.slice(name.length)),
    )
    .toSorted((a, b) => b.length - a.length)[0];
}
