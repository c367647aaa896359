/**
 * Uploads of large files with their progress, which `fetch` does not tell: the browser reads the
 * file piece by piece, so that none of it has to fit into memory.
 */
import { serializeQuery } from '../router/query.ts';
import { api, type QueryParameters } from './client.ts';
import { ApiError, toApiError } from './problem.ts';

export interface UploadOptions {
  readonly query: QueryParameters;
  readonly file: Blob;
  /** 0 to 1; 1 as soon as everything has left, before the server has answered. */
  readonly onprogress: (ratio: number) => void;
  readonly signal: AbortSignal;
}

/** Rejects with `ApiError`; an aborted upload with the browser's `AbortError`. */
export async function uploadFile<Data>(path: string, options: UploadOptions): Promise<Data> {
  try {
    return await sendFile<Data>(path, options);
  } catch (error) {
    if (error instanceof ApiError && (await api.mayRepeat(error, options.signal))) {
      return uploadFile(path, options);
    }
    throw error;
  }
}

function sendFile<Data>(path: string, options: UploadOptions): Promise<Data> {
  const { query, file, onprogress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => {
      request.abort();
    };
    const finish = (): void => {
      signal.removeEventListener('abort', stop);
    };
    request.open('POST', `/api/v1${path}${serializeQuery(query)}`);
    request.responseType = 'text';
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-csrf-token', api.csrfToken);
    request.upload.onprogress = ({ loaded, total }) => {
      onprogress(total === 0 ? 0 : loaded / total);
    };
    request.onload = () => {
      finish();
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) {
        resolve(body as Data);
      } else {
        reject(toApiError(request.status, body, request.getResponseHeader('retry-after')));
      }
    };
    request.onerror = () => {
      finish();
      reject(new ApiError({ status: 0, code: 'unreachable', detail: '' }));
    };
    request.onabort = () => {
      finish();
      reject(new DOMException('The upload was stopped.', 'AbortError'));
    };
    signal.addEventListener('abort', stop);
    request.send(file);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No answer of this server: shown as unexpected.
    return undefined;
  }
}
