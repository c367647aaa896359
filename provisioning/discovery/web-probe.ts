/**
 * The first page of a device, as a hint what it is: its title and the server's name. One request without
 * any login; of a redirection only the one to HTTPS of the same address is followed.
 */
import { request as requestHttp, type IncomingMessage } from 'node:http';

export interface WebHint {
  readonly server: string | undefined;
  readonly title: string | undefined;
}

export interface WebProbeOptions {
  readonly timeoutMs: number;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly signal: AbortSignal;
}

const maximumBytes = 16_384;
const maximumText = 100;

/** Undefined when nobody answers in time. Never rejects. */
export async function probeWeb(
  address: string,
  options: WebProbeOptions,
): Promise<WebHint | undefined> {
  const plain = await ask('http', address, options);
  if (plain !== undefined && plain.location?.startsWith(`https://${address}`) !== true) {
    return plain.hint;
  }
  // Many phones redirect, some do not listen without encryption at all.
  return (await ask('https', address, options))?.hint ?? plain?.hint;
}

interface Page {
  readonly hint: WebHint;
  readonly location: string | undefined;
}

async function ask(
  scheme: 'http' | 'https',
  address: string,
  { timeoutMs, httpPort, httpsPort, signal }: WebProbeOptions,
): Promise<Page | undefined> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const headers = { accept: 'text/html', connection: 'close' };
    const common = { host: address, path: '/', headers, signal: bounded, agent: false } as const;
    const { request } = scheme === 'http' ? { request: requestHttp } : await import('node:https');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const port = scheme === 'http' ? httpPort : httpsPort;
      // Nothing secret is sent, and a phone's own certificate is signed by nobody we know.
      const outgoing = request({ ...common, port, rejectUnauthorized: false }, resolve);
      outgoing.once('error', reject);
      outgoing.end();
    });
    const { server, location } = response.headers;
    const name = Array.isArray(server) ? server[0] : server;
    const hint = { server: toReadable(name), title: readTitle(await readStart(response)) };
    return { hint, location };
  } catch {
    return undefined;
  }
}

/** No more than a title needs. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response) {
    const chunk = piece as Buffer;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maximumBytes) {
      break;
    }
  }
  response.destroy();
  return Buffer.concat(chunks).toString('utf8', 0, maximumBytes);
}

/** Of an HTML page, as text without entities. */
export function readTitle(html: string): string | undefined {
  const [, title] = /<title[^>]{0,100}>([^<]{0,500})/i.exec(html) ?? [];
  return toReadable(title?.replaceAll(/&#?\w{1,8};/g, ' '));
}

function toReadable(text = ''): string | undefined {
  const readable = text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, maximumText);
  return readable === '' ? undefined : readable;
}
