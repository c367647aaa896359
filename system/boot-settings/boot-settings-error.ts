import { AppError } from '../foundation/app-error.ts';

/** `invalid`: a value or a name is wrong; the message lists all of them. `unreadable`: the file is. */
export type BootSettingsErrorCode = 'invalid' | 'unreadable';

export class BootSettingsError extends AppError<BootSettingsErrorCode> {}
