/**
 * The netascii mode (RFC 1350 §2, RFC 764): a line ends with CR LF, a CR that ends no line is
 * followed by NUL. Only old equipment asks for it, for small text files, so the file is turned
 * over as a whole.
 */
import { createContent, type Content } from './file-source.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const maximumBytes = 1_024 * 1_024;

/** Undefined where the file is larger than 1 MiB. Releases the content that it was given. */
export async function toNetascii(content: Content): Promise<Content | undefined> {
  try {
    if (content.sizeBytes > maximumBytes) {
      return undefined;
    }
    const chunks: Buffer[] = [];
    for (let index = 0; index * content.chunkBytes < content.sizeBytes; index += 1) {
      chunks.push(await content.chunk(index));
    }
    return createContent(encodeNetascii(Buffer.concat(chunks)));
  } finally {
    content.release();
  }
}

export function encodeNetascii(text: Buffer): Buffer {
  const encoded = Buffer.alloc(2 * text.length);
  let length = 0;
  for (const byte of text) {
    if (byte === lineFeed) {
      encoded[length++] = carriageReturn;
      encoded[length++] = lineFeed;
    } else if (byte === carriageReturn) {
      encoded[length++] = carriageReturn;
      encoded[length++] = 0;
    } else {
      encoded[length++] = byte;
    }
  }
  return encoded.subarray(0, length);
}
