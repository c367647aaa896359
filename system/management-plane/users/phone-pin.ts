/** The phone PIN: what proves at a keypad who somebody is. Pure. */

const digits = /^[0-9]{6,12}$/;

/** Why it will not do, in words; undefined when it will. */
export function findPinFault(pin: string, extension: string | undefined): string | undefined {
  if (!digits.test(pin)) {
    return 'must have 6 to 12 digits';
  }
  const values = Array.from({ length: pin.length }, (_, index) => Number(pin[index]));
  const [step, ...steps] = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  // 111111, 123456, 654321
  const isRow = Math.abs(step ?? 2) <= 1 && steps.every((other) => other === step);
  if (isRow || pin === extension) {
    return 'is too easy to guess';
  }
  return undefined;
}
