/** What it means for a call that the media plane has no ports for it. */
import { AppError } from '../../../foundation/app-error.ts';
import type { CallRef } from '../../../foundation/ids.ts';
import type { CallEnvironment } from '../call-environment.ts';

/** A MediaError: the call cannot have ports. Anything else is a bug and thrown again. */
export function toMediaFailure(
  { logger }: Pick<CallEnvironment, 'logger'>,
  callRef: CallRef,
  error: unknown,
): { readonly kind: 'failed'; readonly status: 503 } {
  if (!(error instanceof AppError)) {
    throw error;
  }
  logger.warn('no media for a call', { callRef, code: error.code });
  return { kind: 'failed', status: 503 };
}
