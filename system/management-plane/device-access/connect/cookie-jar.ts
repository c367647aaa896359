/**
 * Cookies between a device's page and the device (RFC 6265), kept apart from those of WMS: browsers do
 * not tell ports apart. What a page need not read stays here; what the browser had before is not passed on.
 */

interface Kept {
  readonly value: string;
  readonly path: string;
}

const tokenPattern = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}$/;
const valuePattern = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e" ,]{0,4096}$/;
const maximumCookies = 50;

export class CookieJar {
  readonly #kept = new Map<string, Kept>();
  readonly #foreign = new Set<string>();

  /** What the browser sends at the beginning belongs to others. */
  noteForeign(header: string | undefined): void {
    for (const [name] of parseCookies(header)) {
      this.#foreign.add(name);
    }
  }

  /** The Cookie header for the device; undefined when there is none. */
  toDevice(path: string, header: string | undefined): string | undefined {
    const pairs = new Map<string, string>();
    for (const [name, value] of parseCookies(header)) {
      if (!isOurs(name) && !this.#foreign.has(name)) {
        pairs.set(name, value);
      }
    }
    for (const [name, kept] of this.#kept) {
      if (path.startsWith(kept.path)) {
        pairs.set(name, kept.value);
      }
    }
    return pairs.size === 0
      ? undefined
      : [...pairs].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The Set-Cookie lines for the browser: without domain, for HTTPS, and never one of ours. */
  toBrowser(lines: readonly string[]): string[] {
    return lines.flatMap((line) => {
      const [pair = '', ...attributes] = line.split(';');
      const equalsAt = pair.indexOf('=');
      const name = pair.slice(0, Math.max(equalsAt, 0)).trim();
      const value = pair.slice(equalsAt + 1).trim();
      if (!tokenPattern.test(name) || !valuePattern.test(value)) {
        return [];
      }
      const read = (wanted: string): string | undefined =>
        attributes.find((one) => one.trim().toLowerCase().startsWith(wanted))?.trim();
      const path = /^path=(\/[\x21-\x3a\x3c-\x7e]{0,200})$/i.exec(read('path=') ?? '')?.[1] ?? '/';
      const age = /^max-age=(-?\d{1,10})$/i.exec(read('max-age=') ?? '')?.[1];
      const expires = Date.parse((read('expires=') ?? '').slice('expires='.length));
      const isOver = (age !== undefined && Number(age) <= 0) || expires < Date.UTC(2000, 0);
      const isHidden = read('httponly') !== undefined || isOurs(name);
      if (isHidden) {
        this.#keep(name, isOver ? undefined : { value, path });
        return [];
      }
      this.#foreign.delete(name);
      const end = isOver ? '; Max-Age=0' : age === undefined ? '' : `; Max-Age=${age}`;
      return [`${name}=${value}; Path=${path}${end}; Secure; SameSite=Strict`];
    });
  }

  #keep(name: string, kept: Kept | undefined): void {
    this.#kept.delete(name);
    if (kept !== undefined) {
      const [oldest] = this.#kept.keys();
      if (this.#kept.size >= maximumCookies && oldest !== undefined) {
        this.#kept.delete(oldest);
      }
      this.#kept.set(name, kept);
    }
  }
}

/** Pairs of a Cookie header; what is malformed is left out. */
export function parseCookies(header: string | undefined): [string, string][] {
  return (header ?? '')
    .slice(0, 16_384)
    .split(';')
    .flatMap((pair): [string, string][] => {
      const equalsAt = pair.indexOf('=');
      const name = pair.slice(0, Math.max(equalsAt, 0)).trim();
      return tokenPattern.test(name) ? [[name, pair.slice(equalsAt + 1).trim()]] : [];
    });
}

function isOurs(name: string): boolean {
  return /campanile|^__(?:host|secure)-/i.test(name);
}
