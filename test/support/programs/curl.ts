/** Requests as devices send them, by the program curl: whatever header fields, nothing followed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface CurlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function curl(
  url: string,
  options: { readonly userAgent?: string; readonly more?: readonly string[] } = {},
): Promise<CurlAnswer> {
  const { stdout } = await promisify(execFile)('curl', [
    ...['--silent', '--insecure', '--include', '--http1.1', '--path-as-is', '--max-time', '10'],
    ...['--user-agent', options.userAgent ?? 'curl'],
    ...(options.more ?? []),
    url,
  ]);
  const headEnd = stdout.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = stdout.slice(0, headEnd).split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => {
        const colonAt = line.indexOf(':');
        return [line.slice(0, colonAt).toLowerCase(), line.slice(colonAt + 1).trim()];
      }),
    ),
    body: stdout.slice(headEnd + 4),
  };
}

/** The body alone, byte by byte; rejects where the answer is an error. */
export async function download(url: string, userAgent: string): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(
    'curl',
    ['--silent', '--fail', '--max-time', '10', '--user-agent', userAgent, url],
    { encoding: 'buffer' },
  );
  return stdout;
}
