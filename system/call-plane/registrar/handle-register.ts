/**
 * Answers REGISTER requests (RFC 3261 §10.3) of an account whose credentials were right. What is
 * decided about bindings is decided in `registrar.ts`; here are the statuses and header fields.
 *
 * RFC 5626 (outbound) is followed on TCP connections that come straight from the phone. Over UDP it
 * is not: it would oblige us to answer STUN on the SIP port. Path (RFC 3327) is not supported:
 * requests go back the flow that the registration came over, which leads to the nearest proxy.
 */
import type { UserId } from '../../foundation/ids.ts';
import type { Logger } from '../../foundation/logger.ts';
import { createResponse, type SipRequest, type SipResponse } from '../sip/messages/message.ts';
import { quote } from '../sip/messages/escape.ts';
import type { Uri } from '../sip/messages/uri.ts';
import { isReliable, type Flow } from '../sip/transport.ts';
import type { Binding } from './binding.ts';
import type { RegistrationContext, RegistrationOutcome, Registrar } from './registrar.ts';
import { toRegistrationRequest, type RegistrationRequest } from './registration-request.ts';

export interface RegisterServices {
  readonly registrar: Registrar;
  /** Whether the address-of-record is one of this user: any of its numbers or names. */
  readonly ownsAddress: (userId: UserId, address: Uri) => boolean;
  readonly createTag: () => string;
  readonly logger: Logger;
}

const maximumUserAgentChars = 128;

interface Account {
  readonly userId: UserId;
  readonly device: string | undefined;
}

/** One response per request; the registrar has been changed, or not at all. */
export function handleRegister(
  services: RegisterServices,
  request: SipRequest,
  account: Account,
  flow: Flow,
): SipResponse {
  const response = answerRegister(services, request, account, flow);
  if (services.logger.isDebugEnabled()) {
    services.logger.debug('REGISTER answered', {
      ...account,
      status: response.status,
      reason: response.reason,
      contacts: response.headers.getAll('Contact'),
      source: flow.remoteAddress,
    });
  }
  return response;
}

function answerRegister(
  services: RegisterServices,
  request: SipRequest,
  account: Account,
  flow: Flow,
): SipResponse {
  const toTag = services.createTag();
  const isOutboundPossible =
    isReliable(flow.protocol) && request.headers.getAll('Via').length === 1;
  const unsupported = request.headers
    .getAll('Require')
    .filter((option) => !(isOutboundPossible && isOutboundOption(option)));
  if (unsupported.length > 0) {
    const headers = [['Unsupported', unsupported.join(', ')] as const];
    return createResponse(request, 420, undefined, { toTag, headers });
  }
  /* From may name somebody who registers for another (§10.2); here nobody does. */
  if (
    !services.ownsAddress(account.userId, request.to.uri) ||
    !services.ownsAddress(account.userId, request.from.uri)
  ) {
    return createResponse(request, 403, undefined, { toTag });
  }
  const asked = toRegistrationRequest(request);
  if (asked.kind === 'invalid') {
    return createResponse(request, 400, asked.reason, { toTag });
  }
  const isOutbound =
    isOutboundPossible &&
    asked.kind === 'update' &&
    asked.contacts.some((contact) => contact.regId !== undefined) &&
    (request.headers.getAll('Supported').some(isOutboundOption) ||
      request.headers.getAll('Require').some(isOutboundOption));
  const outcome = register(services.registrar, asked, account.userId, {
    callId: request.callId,
    cseq: request.cseq.sequence,
    userAgent: (request.headers.get('User-Agent') ?? '').slice(0, maximumUserAgentChars),
    flow,
    isOutbound,
    device: account.device,
  });
  switch (outcome.kind) {
    case 'out-of-order':
      return createResponse(request, 400, 'Out-Of-Order CSeq', { toTag });
    case 'too-brief': {
      const headers = [['Min-Expires', String(outcome.minimumExpiresSec)] as const];
      return createResponse(request, 423, undefined, { toTag, headers });
    }
    case 'too-many-contacts':
      return createResponse(request, 403, 'Too Many Contacts', { toTag });
    case 'done': {
      const headers = toHeaders(outcome.bindings, services.registrar.nowMs());
      if (isOutbound) {
        headers.push(['Require', 'outbound']);
      }
      return createResponse(request, 200, undefined, { toTag, headers });
    }
  }
}

function register(
  registrar: Registrar,
  asked: Exclude<RegistrationRequest, { readonly kind: 'invalid' }>,
  userId: UserId,
  context: RegistrationContext,
): RegistrationOutcome {
  switch (asked.kind) {
    case 'fetch':
      return { kind: 'done', bindings: registrar.bindingsOf(userId) };
    case 'remove-all':
      return registrar.removeAll(userId, context);
    case 'update':
      return registrar.update(userId, asked.contacts, context);
  }
}

function isOutboundOption(option: string): boolean {
  return option.toLowerCase() === 'outbound';
}

/** Every binding in force with what is left of its time (§10.3 step 8), and Date (§20.17). */
function toHeaders(bindings: readonly Binding[], nowMs: number): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  for (const binding of bindings) {
    headers.push(['Contact', serializeContact(binding, nowMs)]);
  }
  headers.push(['Date', new Date(nowMs).toUTCString()]);
  return headers;
}

function serializeContact(binding: Binding, nowMs: number): string {
  const expiresSec = Math.ceil((binding.expiresAtMs - nowMs) / 1_000);
  let text = `<${binding.contact}>;expires=${String(expiresSec)}`;
  if (binding.q !== 1) {
    text += `;q=${String(binding.q)}`;
  }
  if (binding.instanceId !== undefined) {
    text += `;+sip.instance=${quote(binding.instanceId)}`;
  }
  if (binding.regId !== undefined) {
    text += `;reg-id=${String(binding.regId)}`;
  }
  return text;
}
