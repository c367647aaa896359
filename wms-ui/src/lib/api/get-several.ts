/** Asks the API for several things of one kind, a few at a time, so that no page waits in line for long. */
import { api } from './client.ts';

const atOnce = 8;

/** In the order of the paths. Rejects with the first `ApiError`. */
export async function getSeveral<Data>(paths: readonly string[]): Promise<readonly Data[]> {
  const found: Data[] = [];
  for (let first = 0; first < paths.length; first += atOnce) {
    const some = paths.slice(first, first + atOnce);
    found.push(...(await Promise.all(some.map(async (path) => api.get<Data>(path)))));
  }
  return found;
}
