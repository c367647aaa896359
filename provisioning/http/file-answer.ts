/**
 * HTTP semantics of one file (RFC 9110): HEAD, conditional requests (§13) and ranges (§14). Pure:
 * says status, header fields and which bytes leave.
 */

export interface ServedFile {
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Strong, without quotes. */
  readonly entityTag: string;
  /** Milliseconds since 1970; told with a resolution of seconds. */
  readonly modifiedMs: number;
}

/** Header fields of the request, as node:http gives them. */
export interface FileRequest {
  readonly method: string;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly range?: string | undefined;
}

export interface FileAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** What leaves as the body; undefined: nothing does. */
  readonly body: { readonly start: number; readonly end: number } | undefined;
}

export function answerFile(request: FileRequest, file: ServedFile): FileAnswer {
  const validators = {
    ETag: `"${file.entityTag}"`,
    'Last-Modified': new Date(file.modifiedMs).toUTCString(),
    'Cache-Control': 'private, no-cache',
  };
  if (isNotModified(request, file)) {
    return { status: 304, headers: validators, body: undefined };
  }
  const headers = { ...validators, 'Content-Type': file.contentType, 'Accept-Ranges': 'bytes' };
  const range = mayUseRange(request, file) ? parseRange(request.range, file.sizeBytes) : 'none';
  if (range === 'unsatisfiable') {
    const contentRange = `bytes */${String(file.sizeBytes)}`;
    return {
      status: 416,
      headers: { ...validators, 'Content-Range': contentRange, 'Content-Length': '0' },
      body: undefined,
    };
  }
  const isHead = request.method === 'HEAD';
  if (range === 'none') {
    return {
      status: 200,
      headers: { ...headers, 'Content-Length': String(file.sizeBytes) },
      body: isHead ? undefined : { start: 0, end: file.sizeBytes },
    };
  }
  const { start, end } = range;
  return {
    status: 206,
    headers: {
      ...headers,
      'Content-Length': String(end - start),
      'Content-Range': `bytes ${String(start)}-${String(end - 1)}/${String(file.sizeBytes)}`,
    },
    body: { start, end },
  };
}

function isNotModified(request: FileRequest, file: ServedFile): boolean {
  if (request.ifNoneMatch !== undefined) {
    // §13.1.3: If-Modified-Since does not count beside it.
    return request.ifNoneMatch
      .split(',')
      .some((tag) => ['*', `"${file.entityTag}"`].includes(tag.trim().replace(/^W\//, '')));
  }
  const sinceMs = Date.parse(request.ifModifiedSince ?? '');
  return !Number.isNaN(sinceMs) && toSeconds(file.modifiedMs) <= toSeconds(sinceMs);
}

/** §13.1.5: the part is worth something only to who has the same file. */
function mayUseRange({ method, ifRange }: FileRequest, file: ServedFile): boolean {
  if (method !== 'GET') {
    return false;
  }
  return (
    ifRange === undefined ||
    ifRange === `"${file.entityTag}"` ||
    toSeconds(Date.parse(ifRange)) === toSeconds(file.modifiedMs)
  );
}

type Range = 'none' | 'unsatisfiable' | { readonly start: number; readonly end: number };

/** One range; several, other units and nonsense are ignored (§14.2), which gives the whole file. */
function parseRange(header: string | undefined, sizeBytes: number): Range {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) {
    return 'none';
  }
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== '' && Number(last) < start) {
    return 'none';
  }
  return start >= sizeBytes ? 'unsatisfiable' : { start, end };
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
