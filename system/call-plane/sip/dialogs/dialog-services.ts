/** What everything in this folder is given: the layer below, time and chance. */
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { TransactionLayer } from '../transactions/transaction-layer.ts';
import type { DialogLayer } from './dialog-layer.ts';

export interface DialogServices {
  readonly clock: Clock;
  readonly transactions: Pick<TransactionLayer, 'request' | 'invite' | 'sendAck' | 'isSettled'>;
  readonly dialogs: DialogLayer;
  /** A tag or Call-ID: at least 32 random bits (RFC 3261 §19.3). */
  readonly createTag: () => string;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly logger: Logger;
}
