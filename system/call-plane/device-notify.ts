/**
 * Tells a registered device to fetch its files: a NOTIFY outside of any dialog over the flow of its
 * registration (RFC 3265 §3.2 allows none, and every phone understands it). Challenges are not
 * answered: the digest of an account is worth too much to be given to whoever asks.
 */
import type { BindingRecord } from '../bus/contract.ts';
import { fromBindingRecord } from './binding-outbox.ts';
import { toRequestUri, type Binding } from './registrar/binding.ts';
import type { Registrar } from './registrar/registrar.ts';
import { createRequest, type SipResponse } from './sip/messages/message.ts';
import type { NameAddr } from './sip/messages/name-addr.ts';
import { noParameters } from './sip/messages/parameters.ts';
import { createSipUri } from './sip/messages/uri.ts';
import type { TransactionLayer } from './sip/transactions/transaction-layer.ts';

export interface DeviceNotifierOptions {
  readonly registrar: Pick<Registrar, 'bindingsOf'>;
  readonly transactions: Pick<TransactionLayer, 'request'>;
  readonly domain: () => string;
  readonly createTag: () => string;
}

export interface DeviceNotification {
  readonly binding: BindingRecord;
  /** Value of the Event header field, e.g. `check-sync;reboot=false`. */
  readonly event: string;
}

/** `status`: of the final response; absent when none came. */
export interface NotifyOutcome {
  readonly outcome: 'accepted' | 'refused' | 'no-answer' | 'not-registered';
  readonly status?: number;
}

/** What may stand in the header field: nothing that could end it. */
const eventPattern = /^[A-Za-z0-9.-]{1,64}(?:;[A-Za-z0-9.-]{1,32}=[A-Za-z0-9.-]{1,32}){0,4}$/;

const serviceControlPattern = /^service-control;action=(restart|reset)$/;

/**
 * What Cisco phones obey: the Call-ID of their registration proves that it is their server who asks,
 * and stamps of zeros make all that they keep outdated.
 */
function serviceControlBody(action: string, registerCallId: string): Buffer {
  const stamp = `{${'0'.repeat(16)}}`;
  return Buffer.from(
    `action=${action}\r\nRegisterCallId={${registerCallId}}\r\nConfigVersionStamp=${stamp}\r\n` +
      `DialplanVersionStamp=${stamp}\r\nSoftkeyVersionStamp=${stamp}\r\n`,
  );
}

export class DeviceNotifier {
  readonly #options: DeviceNotifierOptions;

  constructor(options: DeviceNotifierOptions) {
    this.#options = options;
  }

  /** Throws RangeError for what is no value of an Event header field. */
  notify({ binding, event }: DeviceNotification): Promise<NotifyOutcome> {
    if (!eventPattern.test(event)) {
      throw new RangeError(`${event} is no event`);
    }
    const present = this.#options.registrar
      .bindingsOf(binding.userId)
      .find(({ contact, device }) => contact === binding.contact && device === binding.device);
    return new Promise((resolve) => {
      this.#send(present ?? fromBindingRecord(binding), event, resolve);
    });
  }

  #send(binding: Binding, event: string, done: (outcome: NotifyOutcome) => void): void {
    const { transactions, domain, createTag } = this.#options;
    const requestUri = toRequestUri(binding);
    const { flow } = binding;
    const us = createSipUri({ host: domain() });
    const from: NameAddr = { uri: us, parameters: new Map([['tag', createTag()]]) };
    const to: NameAddr = { uri: requestUri, parameters: noParameters };
    const action = serviceControlPattern.exec(event)?.[1];
    const host = flow.localAddress.includes(':') ? `[${flow.localAddress}]` : flow.localAddress;
    const request = createRequest({
      method: 'NOTIFY',
      requestUri,
      from,
      to,
      callId: createTag(),
      cseq: 1,
      headers: [
        ['Contact', `<sip:${host}:${String(flow.localPort)}>`],
        ['Event', action === undefined ? event : 'service-control'],
        ['Subscription-State', action === undefined ? 'terminated' : 'active'],
        ...(action === undefined ? [] : [['Content-Type', 'text/plain'] as const]),
      ],
      ...(action === undefined ? {} : { body: serviceControlBody(action, binding.callId) }),
    });
    transactions.request(request, flow, {
      response: (response: SipResponse) => {
        const { status } = response;
        if (status >= 200) {
          done({ outcome: status < 300 ? 'accepted' : 'refused', status });
        }
      },
      timeout: () => done({ outcome: 'no-answer' }),
      transportFailure: () => done({ outcome: 'no-answer' }),
    });
  }
}
