/** The thin shell: takes a request of node:http, asks for the file and sends it. */
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { answerFile } from './file-answer.ts';

export interface FileContent {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Strong, without quotes. */
  readonly entityTag: string;
  readonly modifiedMs: number;
}

/** A file on the disk that is too large for the memory. */
export interface StoredFile extends Omit<FileContent, 'bytes'> {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Undefined: there is nothing, or nothing for whoever asks; both look the same. */
export type FindFile = (request: IncomingMessage) => Promise<FileContent | StoredFile | undefined>;

const notFound = Buffer.from('Not Found\n');
const readingMethods = new Set(['GET', 'HEAD']);

/**
 * Never rejects. `onError` hears of a file that could not be made; the device gets a 404. `isPosted`: a POST asks for the
 * file, too.
 */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  findFile: FindFile,
  onError: (error: unknown) => void,
  isPosted = false,
): Promise<void> {
  // A body is of no interest here, but unread it would hold the connection.
  request.resume();
  let file: FileContent | StoredFile | undefined;
  try {
    const isAsking = isPosted || readingMethods.has(request.method ?? '');
    file = isAsking ? await findFile(request) : undefined;
  } catch (error) {
    onError(error);
  }
  if (response.destroyed) {
    return;
  }
  if (file === undefined) {
    response.writeHead(404, {
      'Content-Type': 'text/plain',
      'Content-Length': String(notFound.length),
    });
    response.end(request.method === 'HEAD' ? undefined : notFound);
    return;
  }
  const { headers } = request;
  const answer = answerFile(
    isPosted
      ? { method: 'POST' }
      : {
          method: request.method ?? '',
          ifNoneMatch: headers['if-none-match'],
          ifModifiedSince: headers['if-modified-since'],
          ifRange: headers['if-range'] as string | undefined,
          range: headers.range,
        },
    {
      sizeBytes: 'bytes' in file ? file.bytes.length : file.sizeBytes,
      contentType: file.contentType,
      entityTag: file.entityTag,
      modifiedMs: file.modifiedMs,
    },
  );
  response.writeHead(answer.status, answer.headers);
  if (answer.body === undefined) {
    response.end();
    return;
  }
  const { start, end } = answer.body;
  if ('bytes' in file) {
    response.end(file.bytes.subarray(start, end));
    return;
  }
  await sendPart(file.path, start, end, response, onError);
}

/** `end` is the first byte that does not leave. A disk that fails half way ends the connection. */
function sendPart(
  path: string,
  start: number,
  end: number,
  response: ServerResponse,
  onError: (error: unknown) => void,
): Promise<void> {
  return new Promise((resolve) => {
    if (end <= start) {
      response.end();
      resolve();
      return;
    }
    pipeline(createReadStream(path, { start, end: end - 1 }), response, (error) => {
      // A device that goes away half way is no error of ours.
      if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET') {
        onError(error);
      }
      resolve();
    });
  });
}
