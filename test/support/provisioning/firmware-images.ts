/** Files that look like firmware to whoever looks at their beginnings; nothing in them runs. */
import { createHash } from 'node:crypto';

/** With the header of Yealink: number of hardware, model, version. */
export function yealinkImage(options: {
  readonly hardware: number;
  readonly model: string;
  readonly version: string;
  readonly sizeBytes?: number;
}): Buffer {
  const image = Buffer.alloc(options.sizeBytes ?? 5_000);
  for (let offset = 0x80; offset < image.length; offset++) {
    // Neither all alike nor random: parts of it can be compared.
    image[offset] = (offset * 31 + options.hardware) % 251;
  }
  image.write('ad24ec0b', 0, 'hex');
  image.writeUInt32BE(options.hardware, 0x20);
  image.write(options.model, 0x24, 'latin1');
  image.write(options.version, 0x44, 'latin1');
  return image;
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
