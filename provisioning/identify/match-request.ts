/**
 * Requested path → what is asked for: which vendor's which file, of which device. A path that no
 * vendor knows matches nothing, and the server answers it with a quick 404.
 */
import { parseMac } from '../mac.ts';
import type { CompiledVendor } from '../vendors/compile-vendor.ts';
import type { VendorCatalogue } from '../vendors/vendor-catalogue.ts';
import type { RequestPattern } from '../vendors/vendor.ts';

export interface RequestMatch {
  readonly vendor: CompiledVendor;
  readonly request: RequestPattern;
  readonly mac?: string;
  /** As the path spells it. */
  readonly model?: string;
  readonly product?: string;
}

const maximumPathLength = 256;

/**
 * The path as patterns see it: without query, leading slashes and empty segments, escapes decoded.
 * TFTP names have no slash, HTTP paths one or, where the administrator's URL ended in one, two.
 * `undefined` for a path that climbs, hides characters or is too long.
 */
export function normalisePath(path: string): string | undefined {
  if (path.length > maximumPathLength * 3) {
    return undefined;
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(path.split(/[?#]/, 1)[0] ?? '');
  } catch {
    // A broken escape names no file.
    return undefined;
  }
  const segments = decoded.split('/').filter((segment) => segment !== '');
  const normalised = segments.join('/');
  const isHostile =
    normalised === '' ||
    normalised.length > maximumPathLength ||
    segments.some((segment) => segment === '.' || segment === '..') ||
    /[\\\u0000-\u001f\u007f]/.test(normalised);
  return isHostile ? undefined : normalised;
}

/**
 * Every vendor's first matching pattern; of several vendors those that share the name all appear,
 * unless one claims the name for itself. `path` is normalised and without the token in front.
 */
export function matchRequest(catalogue: VendorCatalogue, path: string): readonly RequestMatch[] {
  const matches: RequestMatch[] = [];
  for (const vendor of catalogue.vendors) {
    for (const request of vendor.data.requests) {
      const groups = request.pattern.exec(path);
      if (groups !== null) {
        matches.push(toMatch(vendor, request, groups.groups ?? {}));
        break;
      }
    }
  }
  const exclusive = matches.filter(({ request }) => request.isShared !== true);
  return exclusive.length > 0 ? exclusive : matches;
}

function toMatch(
  vendor: CompiledVendor,
  request: RequestPattern,
  groups: Readonly<Record<string, string | undefined>>,
): RequestMatch {
  const mac = groups['mac'] === undefined ? undefined : parseMac(groups['mac']);
  const model = groups['model'];
  const product = groups['product'];
  return {
    vendor,
    request,
    ...(mac === undefined ? {} : { mac }),
    ...(model === undefined ? {} : { model }),
    ...(product === undefined ? {} : { product }),
  };
}
