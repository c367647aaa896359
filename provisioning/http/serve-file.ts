/** The thin shell: takes a request of node:http, asks for the file and sends it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerFile } from './file-answer.ts';

export interface FileContent {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Strong, without quotes. */
  readonly entityTag: string;
  readonly modifiedMs: number;
}

/** Undefined: there is nothing, or nothing for whoever asks; both look the same. */
export type FindFile = (request: IncomingMessage) => Promise<FileContent | undefined>;

const notFound = Buffer.from('Not Found\n');
const readingMethods = new Set(['GET', 'HEAD']);

/** Never rejects. `onError` hears of a file that could not be made; the device gets a 404. */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  findFile: FindFile,
  onError: (error: unknown) => void,
): Promise<void> {
  // A body is of no interest here, but unread it would hold the connection.
  request.resume();
  let file: FileContent | undefined;
  try {
    file = readingMethods.has(request.method ?? '') ? await findFile(request) : undefined;
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
    {
      method: request.method ?? '',
      ifNoneMatch: headers['if-none-match'],
      ifModifiedSince: headers['if-modified-since'],
      ifRange: headers['if-range'] as string | undefined,
      range: headers.range,
    },
    {
      sizeBytes: file.bytes.length,
      contentType: file.contentType,
      entityTag: file.entityTag,
      modifiedMs: file.modifiedMs,
    },
  );
  response.writeHead(answer.status, answer.headers);
  response.end(
    answer.body === undefined ? undefined : file.bytes.subarray(answer.body.start, answer.body.end),
  );
}
