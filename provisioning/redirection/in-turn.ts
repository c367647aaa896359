/** For services that take one device a request: one after the other, as fast as the service answers. */
import type { DeviceOutcome } from './connector.ts';

export async function inTurn<Item>(
  items: readonly Item[],
  change: (item: Item) => Promise<DeviceOutcome>,
): Promise<readonly DeviceOutcome[]> {
  const outcomes: DeviceOutcome[] = [];
  for (const item of items) {
    outcomes.push(await change(item));
  }
  return outcomes;
}
