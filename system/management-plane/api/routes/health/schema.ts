/** The wire form of health for watchers from outside: a state, no facts. */
import { z } from 'zod';

export const healthSchema = z
  .object({ state: z.enum(['starting', 'running', 'degraded', 'failed']) })
  .meta({ id: 'Health' });
