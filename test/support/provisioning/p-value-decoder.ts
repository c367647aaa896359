/**
 * Reads the binary configuration of Grandstream as its public description has it, and complains where
 * a device would refuse it. Written from the description alone: nothing of the writer is in here.
 */

export interface DecodedParameters {
  readonly mac: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** Throws an Error that says what is wrong. */
export function decodePValues(file: Buffer): DecodedParameters {
  if (file.length % 2 !== 0 || file.length < 16) {
    throw new Error(`${String(file.length)} bytes are no whole words`);
  }
  const words = file.readUInt32BE(0);
  if (words * 2 !== file.length) {
    throw new Error(`the head tells ${String(words)} words, there are ${String(file.length / 2)}`);
  }
  const sum = Array.from({ length: words }, (_, index) => file.readUInt16BE(2 * index)).reduce(
    (total, word) => (total + word) % 65_536,
    0,
  );
  if (sum !== 0) {
    throw new Error(`the words sum up to ${String(sum)}`);
  }
  if (file.subarray(12, 16).toString('hex') !== '0d0a0d0a') {
    throw new Error('the head does not end with two line ends');
  }
  const body = file.subarray(16).toString('latin1').replace(/\0$/, '');
  const fields = body.split('&').map((field): [string, string] => {
    const [name = '', value = ''] = field.split('=');
    return [decodeURIComponent(name), decodeURIComponent(value)];
  });
  const key = fields.pop();
  if (key?.join('=') !== 'gnkey=0b82') {
    throw new Error('the key of the vendor is missing at the end');
  }
  return { mac: file.subarray(6, 12).toString('hex'), parameters: fields };
}
