/** Names of files and folders as clients send them → absolute paths that cannot leave the root. Pure. */

const maximumPathLength = 255;
const maximumDepth = 12;

/**
 * Without slash at its end, but for the root itself. Undefined for a path that climbs above the root,
 * hides characters or is too long.
 */
export function resolvePath(directory: string, name: string): string | undefined {
  // No device needs it, and what it means differs between systems.
  if (/[\\\u0000-\u001f\u007f]/.test(name)) {
    return undefined;
  }
  const segments: string[] = [];
  const given = name.startsWith('/') ? name : `${directory}/${name}`;
  for (const segment of given.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) {
        return undefined;
      }
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment);
    }
  }
  const path = `/${segments.join('/')}`;
  return path.length > maximumPathLength || segments.length > maximumDepth ? undefined : path;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
