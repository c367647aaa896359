/**
 * The form in which numbers, SIP user names and logins are compared: upper and lower case never
 * make two users out of one. Only ASCII letters fold, so that no exotic letter of a request
 * becomes equal to a plain one.
 */
export function foldUserPart(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code >= 0x41 && code <= 0x5a) || code > 0x7f) {
      return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    }
  }
  return text;
}
