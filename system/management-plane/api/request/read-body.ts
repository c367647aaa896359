/** Reads a request's body within a limit, as the text of the type that the route declares. */
import type { IncomingMessage } from 'node:http';
import { decodeTextFile } from '../../users/decode-text-file.ts';
import { ApiError } from '../errors/api-error.ts';
import { type BodyType, maxBodyBytes } from './body-type.ts';
import type { UploadedBody } from './uploaded-body.ts';

/**
 * The body's text without a byte order mark. Throws ApiError `unsupported-media-type`, `too-large`
 * or `unreadable-body` (not UTF-8, or the client went away half way).
 */
export async function readBodyText(request: IncomingMessage, type: BodyType): Promise<string> {
  requireType(request.headers['content-type'], type);
  const limit = maxBodyBytes[type];
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    throw tooLarge(limit);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) {
        throw tooLarge(limit);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ApiError) {
      throw error;
    }
    throw new ApiError('unreadable-body', 'The body ended too early.');
  }
  const bytes = Buffer.concat(chunks, size);
  if (type === 'text/csv' || type === 'text/vcard') {
    // Spreadsheets and old phones write other encodings too.
    return decodeTextFile(bytes).text;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError('unreadable-body', 'The body is not UTF-8 text.');
  }
}

/**
 * The body as it comes, for handlers that take it to the disk; they keep the limit. Throws ApiError
 * `unsupported-media-type` and, where the client says the size, `too-large`.
 */
export function openBody(request: IncomingMessage, type: 'application/octet-stream'): UploadedBody {
  requireType(request.headers['content-type'], type);
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > maxBodyBytes[type]) {
    throw tooLarge(maxBodyBytes[type]);
  }
  return { source: request, sizeBytes: length === undefined ? undefined : Number(length) };
}

/** Throws ApiError `unreadable-body` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('unreadable-body', 'The body is not JSON.');
  }
}

function requireType(header: string | undefined, type: BodyType): void {
  const given = header?.split(';', 1)[0]?.trim().toLowerCase();
  if (given !== type) {
    throw new ApiError('unsupported-media-type', `The body must be sent as ${type}.`);
  }
}

function tooLarge(limit: number): ApiError {
  return new ApiError('too-large', `The body is larger than ${String(limit)} bytes.`);
}
