/**
 * The feature code of phone login: `99` logs the phone's user out, or asks who logs in; `99*201*4711`
 * makes it the phone of the user with the extension 201 whose phone PIN is 4711; `99201*4711` is the
 * same, `99*201` asks for the PIN. Pure.
 */

/** What was dialled, without the PIN: that must appear in no record, list or log. */
export interface DialledLogin {
  /** Empty: the code alone. */
  readonly extension: string;
  readonly pin: string | undefined;
  /** What may be shown instead of the number. */
  readonly shown: string;
}

const afterCode = /^\*?(\+?[0-9]{1,20})(?:\*([0-9]{1,20})#?)?$/;

/** Undefined: the number is no login. */
export function parsePhoneLogin(dialled: string, code: string): DialledLogin | undefined {
  if (dialled === code) {
    return { extension: '', pin: undefined, shown: code };
  }
  if (!dialled.startsWith(code)) {
    return undefined;
  }
  const rest = dialled.slice(code.length);
  const [, extension, pin] = afterCode.exec(rest) ?? [];
  // Without a star it is a longer number that happens to begin alike.
  if (extension === undefined || !rest.includes('*')) {
    return undefined;
  }
  return { extension, pin, shown: `${code}*${extension}` };
}
