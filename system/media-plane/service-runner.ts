/** Runs the services of all endpoints that end in the PBX, once per tick. Pure but for the services. */
import { pcma } from './codecs/pcma.ts';
import { pcmu } from './codecs/pcmu.ts';
import type { Codec } from './codecs/codec.ts';
import type { MediaService, ServiceCodec } from './media.ts';
import {
  type ExchangeRecord,
  fromCodecNumber,
  fromServiceNumber,
  type ServiceExchange,
} from './service-exchange.ts';
import { createEcho } from './services/echo.ts';
import { createMilliwatt } from './services/milliwatt.ts';
import {
  createAskExtension,
  createAskExtensionAgain,
  createAskPin,
  createDoneTone,
  createLoginRefused,
  createRefusedTone,
  createSilence,
} from './services/prompt.ts';
import type { Service, ServiceFactory } from './services/service.ts';
import type { Voices } from './voices/voice.ts';

const factories: Readonly<Record<MediaService, ServiceFactory>> = {
  echo: createEcho,
  milliwatt: createMilliwatt,
  'done-tone': createDoneTone,
  'refused-tone': createRefusedTone,
  'login-refused': createLoginRefused,
  'ask-extension': createAskExtension,
  'ask-extension-again': createAskExtensionAgain,
  'ask-pin': createAskPin,
  silence: createSilence,
};
const codecs: Readonly<Record<ServiceCodec, Codec>> = { PCMU: pcmu, PCMA: pcma };

interface RunningService {
  readonly generation: number;
  /** Undefined after it threw: its endpoint stays silent, the others go on. */
  service: Service | undefined;
}

export class ServiceRunner {
  readonly #exchange: ServiceExchange;
  readonly #voices: Voices;
  readonly #onServiceError: (error: unknown) => void;
  readonly #running: (RunningService | undefined)[] = [];

  /** `onServiceError`: a service threw, which is a bug in it. */
  constructor(exchange: ServiceExchange, voices: Voices, onServiceError: (error: unknown) => void) {
    this.#exchange = exchange;
    this.#voices = voices;
    this.#onServiceError = onServiceError;
  }

  tick(): void {
    const records = this.#exchange.records();
    this.#running.length = records.length;
    for (const [index, record] of records.entries()) {
      this.#running[index] = this.#runRecord(record, this.#running[index]);
    }
  }

  #runRecord(
    record: ExchangeRecord,
    before: RunningService | undefined,
  ): RunningService | undefined {
    const { generation } = record;
    if (generation === 0) {
      return undefined;
    }
    const running =
      before?.generation === generation
        ? before
        : { generation, service: this.#createService(record) };
    try {
      const received = record.hasReceived ? record.received : undefined;
      if (running.service?.tick(received, record.outgoing) === true) {
        record.send();
      }
    } catch (error) {
      running.service = undefined;
      this.#onServiceError(error);
    }
    return running;
  }

  #createService(record: ExchangeRecord): Service | undefined {
    const wanted = fromServiceNumber(record.service);
    const codec = fromCodecNumber(record.codec);
    return wanted === undefined || codec === undefined
      ? undefined
      : factories[wanted.service](codecs[codec], this.#voices[wanted.language]);
  }
}
