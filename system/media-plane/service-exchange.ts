/**
 * The memory that the packet thread and the media worker exchange once per 20 ms tick, and the
 * numbers by which both know services and codecs. It is the worker's only during a tick.
 * native/service-exchange.h is the same layout in C++:
 *
 *   header   64 bytes: int32 number of records to visit
 *   records  352 bytes each: int32 generation, service, codec, received samples, is sending,
 *            3 reserved; 160 bytes received frame; 160 bytes frame to send
 */
import type { MediaService, ServiceCodec, VoiceLanguage } from './media.ts';
import { frameSamples } from './services/service.ts';

const serviceNumbers: Readonly<Record<MediaService, number>> = {
  echo: 1,
  milliwatt: 2,
  'done-tone': 3,
  'refused-tone': 4,
  'login-refused': 5,
  'ask-extension': 6,
  'ask-extension-again': 7,
  'ask-pin': 8,
  silence: 9,
};
const languageNumbers: Readonly<Record<VoiceLanguage, number>> = { en: 0, it: 1 };
export const codecNumbers: Readonly<Record<ServiceCodec, number>> = { PCMU: 0, PCMA: 1 };

/** A service and its language are one number of the exchange: low byte and the rest. */
export function toServiceNumber(service: MediaService, language: VoiceLanguage): number {
  return serviceNumbers[service] + 256 * languageNumbers[language];
}

/** Undefined: no service has this number. */
export function fromServiceNumber(
  number: number,
): { readonly service: MediaService; readonly language: VoiceLanguage } | undefined {
  const service = findName(serviceNumbers, number % 256);
  const language = findName(languageNumbers, Math.floor(number / 256));
  return service === undefined || language === undefined ? undefined : { service, language };
}

/** Undefined: no codec has this number. */
export function fromCodecNumber(number: number): ServiceCodec | undefined {
  return findName(codecNumbers, number);
}

function findName<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  wanted: number,
): Name | undefined {
  for (const name in numbers) {
    if (numbers[name] === wanted) {
      return name;
    }
  }
  return undefined;
}

const headerBytes = 64;
const recordBytes = 352;
const receivedOffset = 32;
const outgoingOffset = receivedOffset + frameSamples;

/** One endpoint's place in the exchange; the views are made once and always show the present tick. */
export class ExchangeRecord {
  readonly #fields: Int32Array;
  readonly received: Uint8Array;
  readonly outgoing: Uint8Array;

  constructor(memory: ArrayBuffer, index: number) {
    const start = headerBytes + index * recordBytes;
    this.#fields = new Int32Array(memory, start, 5);
    this.received = new Uint8Array(memory, start + receivedOffset, frameSamples);
    this.outgoing = new Uint8Array(memory, start + outgoingOffset, frameSamples);
  }

  /** 0: nobody there; another number than before: another endpoint. */
  get generation(): number {
    return this.#fields[0] ?? 0;
  }

  get service(): number {
    return this.#fields[1] ?? 0;
  }

  get codec(): number {
    return this.#fields[2] ?? 0;
  }

  get hasReceived(): boolean {
    return this.#fields[3] !== 0;
  }

  /** Says that `outgoing` is to be sent; it is not, unless said in this tick. */
  send(): void {
    this.#fields[4] = 1;
  }
}

export class ServiceExchange {
  readonly #memory: ArrayBuffer;
  readonly #header: Int32Array;
  readonly #records: ExchangeRecord[] = [];

  constructor(memory: ArrayBuffer) {
    this.#memory = memory;
    this.#header = new Int32Array(memory, 0, 1);
  }

  /** The records to look at in this tick, empty ones among them. */
  records(): readonly ExchangeRecord[] {
    const count = this.#header[0] ?? 0;
    while (this.#records.length < count) {
      this.#records.push(new ExchangeRecord(this.#memory, this.#records.length));
    }
    this.#records.length = count;
    return this.#records;
  }
}
