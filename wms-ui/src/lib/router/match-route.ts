/** Which page a path leads to. Patterns are literal segments and `:parameters`, the last of which may be optional (`:id?/:tab?`). */
export interface RouteMatch<Route> {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The first route whose pattern fits the whole path; undefined when none does. */
export function matchRoute<Route extends { readonly pattern: string }>(
  routes: readonly Route[],
  path: string,
): RouteMatch<Route> | undefined {
  const segments = splitPath(path);
  for (const route of routes) {
    const parameters = matchPattern(splitPath(route.pattern), segments);
    if (parameters !== undefined) {
      return { route, parameters };
    }
  }
  return undefined;
}

function splitPath(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function matchPattern(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (segments.length > pattern.length) {
    return undefined;
  }
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (!part.startsWith(':')) {
      if (part !== segment) {
        return undefined;
      }
    } else if (segment !== undefined) {
      const value = decodeSegment(segment);
      if (value === undefined) {
        return undefined;
      }
      parameters[part.replace(/^:|\?$/g, '')] = value;
    } else if (!part.endsWith('?')) {
      return undefined;
    }
  }
  return parameters;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A broken escape is no page of ours.
    return undefined;
  }
}
