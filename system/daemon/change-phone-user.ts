/** Phone login on its way from a call to the management plane, which may be busy, or starting anew. */
import type { ManagementPlaneRequests } from '../bus/contract.ts';
import type { CallPlaneBus } from '../bus/ends.ts';
import type { Logger } from '../foundation/logger.ts';
import type { PhoneLoginOutcome } from '../routing/route-call.ts';

/** The caller holds on so long. */
const timeoutMs = 10_000;

/** Never rejects: what cannot be asked has failed. */
export async function changePhoneUser(
  bus: CallPlaneBus | undefined,
  change: ManagementPlaneRequests['phones.change-user']['request'],
  logger: Logger,
): Promise<PhoneLoginOutcome> {
  if (bus === undefined) {
    return 'failed';
  }
  try {
    const { outcome } = await bus.request('phones.change-user', change, timeoutMs);
    return outcome;
  } catch (error) {
    logger.warn('A phone could not log in or out', { device: change.device, error });
    return 'failed';
  }
}
