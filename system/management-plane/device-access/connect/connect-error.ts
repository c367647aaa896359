import { AppError } from '../../../foundation/app-error.ts';

/** `conflict`: Connect is off, the device is not in a network of ours, or too many are open. */
export class ConnectError extends AppError<'conflict'> {}
