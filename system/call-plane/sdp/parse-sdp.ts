/**
 * Body → session description (RFC 4566 §5), lenient about order inside a section and about
 * missing s= and t= lines, strict about everything that is used or written out again. Bytes are
 * read as Latin-1 so that text of any encoding passes unchanged.
 */
import { SdpParseError } from './sdp-parse-error.ts';
import type {
  MediaDescription,
  SdpAttribute,
  SdpConnection,
  SdpOrigin,
  SessionDescription,
} from './session-description.ts';

/** Beyond these a body is refused: a browser's largest offers stay well below them. */
export const sdpLimits = {
  bytes: 16_384,
  lineCharacters: 4_096,
  lines: 1_000,
  mediaDescriptions: 16,
  formatsPerMedia: 64,
} as const;

interface OpenMedia {
  readonly media: string;
  readonly port: number;
  readonly portCount: number | undefined;
  readonly protocol: string;
  readonly formats: readonly string[];
  connection: SdpConnection | undefined;
  readonly bandwidths: string[];
  readonly attributes: SdpAttribute[];
}

/** What could end a line elsewhere: a NUL, or a carriage return that ends no line here. */
const controlCharacter = /\0|\r(?!\n|$)/;
const digits = /^[0-9]{1,20}$/;
const token = /^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,64}$/;
const protocolText = /^[A-Za-z0-9!#$%&'*+.^_`{|}~/-]{1,64}$/;
const portText = /^[0-9]{1,5}$/;
const addressText = /^[A-Za-z0-9.:_%/-]{1,255}$/;

/** Throws SdpParseError. */
export function parseSdp(body: Buffer): SessionDescription {
  if (body.length > sdpLimits.bytes) {
    throw new SdpParseError('limit', `more than ${String(sdpLimits.bytes)} bytes`, 0);
  }
  return new SdpReader().read(body.toString('latin1'));
}

/** Like `parseSdp`, for what a phone may get wrong: undefined when it cannot be read. */
export function tryParseSdp(body: Buffer): SessionDescription | undefined {
  try {
    return parseSdp(body);
  } catch (error) {
    if (error instanceof SdpParseError) {
      return undefined;
    }
    throw error;
  }
}

class SdpReader {
  #line = 0;
  #origin: SdpOrigin | undefined;
  #connection: SdpConnection | undefined;
  readonly #bandwidths: string[] = [];
  readonly #attributes: SdpAttribute[] = [];
  readonly #media: OpenMedia[] = [];

  read(text: string): SessionDescription {
    if (controlCharacter.test(text)) {
      throw this.#error('syntax', 'a control character inside a line');
    }
    let start = 0;
    while (start < text.length) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      const lineEnd = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      this.#line += 1;
      if (this.#line > sdpLimits.lines) {
        throw this.#error('limit', `more than ${String(sdpLimits.lines)} lines`);
      }
      if (lineEnd - start > sdpLimits.lineCharacters) {
        throw this.#error('limit', `more than ${String(sdpLimits.lineCharacters)} characters`);
      }
      if (lineEnd > start) {
        this.#readLine(text.charAt(start), text.slice(start + 2, lineEnd), text.charAt(start + 1));
      }
      start = end + 1;
    }
    if (this.#origin === undefined) {
      throw this.#error('syntax', 'no o= line');
    }
    return {
      origin: this.#origin,
      ...(this.#connection === undefined ? {} : { connection: this.#connection }),
      bandwidths: this.#bandwidths,
      attributes: this.#attributes,
      media: this.#media.map(toMediaDescription),
    };
  }

  #readLine(type: string, value: string, equals: string): void {
    if (equals !== '=') {
      throw this.#error('syntax', 'not of the form x=value');
    }
    if (this.#line === 1) {
      if (type !== 'v' || value !== '0') {
        throw this.#error('syntax', 'does not begin with v=0');
      }
      return;
    }
    const media = this.#media.at(-1);
    switch (type) {
      case 'o':
        this.#origin ??= this.#parseOrigin(value);
        return;
      case 'c': {
        const connection = this.#parseConnection(value);
        if (media === undefined) {
          this.#connection = connection;
        } else {
          media.connection ??= connection;
        }
        return;
      }
      case 'b':
        (media ?? { bandwidths: this.#bandwidths }).bandwidths.push(value);
        return;
      case 'a':
        (media ?? { attributes: this.#attributes }).attributes.push(this.#parseAttribute(value));
        return;
      case 'm':
        if (this.#media.length >= sdpLimits.mediaDescriptions) {
          throw this.#error('limit', `more than ${String(sdpLimits.mediaDescriptions)} m= lines`);
        }
        this.#media.push(this.#parseMedia(value));
        return;
      default:
        // s=, t= and everything that is not passed on.
        return;
    }
  }

  #parseOrigin(value: string): SdpOrigin {
    const [username, sessionId, sessionVersion, network, type, address, ...rest] = value.split(' ');
    if (
      username === undefined ||
      sessionId === undefined ||
      sessionVersion === undefined ||
      address === undefined ||
      rest.length > 0 ||
      !digits.test(sessionId) ||
      !digits.test(sessionVersion)
    ) {
      throw this.#error('syntax', 'malformed o= line');
    }
    return {
      username,
      sessionId,
      sessionVersion,
      connection: this.#toConnection(network, type, address),
    };
  }

  #parseConnection(value: string): SdpConnection {
    const [network, type, address, ...rest] = value.split(' ');
    if (rest.some((part) => part !== '')) {
      throw this.#error('syntax', 'malformed c= line');
    }
    return this.#toConnection(network, type, address);
  }

  #toConnection(
    network: string | undefined,
    type: string | undefined,
    address: string | undefined,
  ): SdpConnection {
    if (
      network !== 'IN' ||
      (type !== 'IP4' && type !== 'IP6') ||
      address === undefined ||
      !addressText.test(address)
    ) {
      throw this.#error('syntax', 'malformed connection data');
    }
    return { addressType: type, address };
  }

  #parseAttribute(value: string): SdpAttribute {
    const colon = value.indexOf(':');
    const name = colon === -1 ? value.trimEnd() : value.slice(0, colon);
    if (!token.test(name)) {
      throw this.#error('syntax', 'malformed attribute name');
    }
    return colon === -1 ? { name } : { name, value: value.slice(colon + 1) };
  }

  #parseMedia(value: string): OpenMedia {
    const [media, ports, protocol, ...rest] = value.split(' ');
    const formats = rest.filter((format) => format !== '');
    const [port, portCount, extra] = (ports ?? '').split('/');
    if (
      media === undefined ||
      !token.test(media) ||
      protocol === undefined ||
      !protocolText.test(protocol) ||
      formats.length === 0 ||
      extra !== undefined
    ) {
      throw this.#error('syntax', 'malformed m= line');
    }
    if (formats.length > sdpLimits.formatsPerMedia) {
      throw this.#error('limit', `more than ${String(sdpLimits.formatsPerMedia)} formats`);
    }
    if (!formats.every((format) => token.test(format))) {
      throw this.#error('syntax', 'malformed format');
    }
    return {
      media,
      port: this.#parsePort(port),
      portCount: portCount === undefined ? undefined : this.#parsePort(portCount),
      protocol,
      formats,
      connection: undefined,
      bandwidths: [],
      attributes: [],
    };
  }

  #parsePort(text: string | undefined): number {
    const port = text !== undefined && portText.test(text) ? Number(text) : Number.NaN;
    if (!(port <= 65_535)) {
      throw this.#error('syntax', 'malformed port');
    }
    return port;
  }

  #error(code: 'limit' | 'syntax', message: string): SdpParseError {
    return new SdpParseError(code, message, this.#line);
  }
}

function toMediaDescription(media: OpenMedia): MediaDescription {
  return {
    media: media.media,
    port: media.port,
    ...(media.portCount === undefined ? {} : { portCount: media.portCount }),
    protocol: media.protocol,
    formats: media.formats,
    ...(media.connection === undefined ? {} : { connection: media.connection }),
    bandwidths: media.bandwidths,
    attributes: media.attributes,
  };
}
