/** Runs the services of all endpoints that end in the PBX, once per tick. Pure but for the services. */
import { pcma } from './codecs/pcma.ts';
import { pcmu } from './codecs/pcmu.ts';
import type { Codec } from './codecs/codec.ts';
import type { MediaService, ServiceCodec } from './media.ts';
import { codecNumbers, serviceNumbers } from './service-exchange.ts';
import type { ExchangeRecord, ServiceExchange } from './service-exchange.ts';
import { createEcho } from './services/echo.ts';
import { createMilliwatt } from './services/milliwatt.ts';
import { createDoneTone, createRefusedTone } from './services/signal-tone.ts';
import type { Service, ServiceFactory } from './services/service.ts';

const factories: Readonly<Record<MediaService, ServiceFactory>> = {
  echo: createEcho,
  milliwatt: createMilliwatt,
  'done-tone': createDoneTone,
  'refused-tone': createRefusedTone,
};
const codecs: Readonly<Record<ServiceCodec, Codec>> = { PCMU: pcmu, PCMA: pcma };

interface RunningService {
  readonly generation: number;
  /** Undefined after it threw: its endpoint stays silent, the others go on. */
  service: Service | undefined;
}

export class ServiceRunner {
  readonly #exchange: ServiceExchange;
  readonly #onServiceError: (error: unknown) => void;
  readonly #running: (RunningService | undefined)[] = [];

  /** `onServiceError`: a service threw, which is a bug in it. */
  constructor(exchange: ServiceExchange, onServiceError: (error: unknown) => void) {
    this.#exchange = exchange;
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
      before?.generation === generation ? before : { generation, service: createService(record) };
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
}

function createService(record: ExchangeRecord): Service | undefined {
  const service = findName(serviceNumbers, record.service);
  const codec = findName(codecNumbers, record.codec);
  return service === undefined || codec === undefined
    ? undefined
    : factories[service](codecs[codec]);
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
