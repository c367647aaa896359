/**
 * The stage before every method: who sends this request, and may it speak in that name? What is not
 * admitted here reaches no handler (default deny). Known and unknown names get the same answers.
 */
import type { UserId } from '../../../foundation/ids.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { RoutingConfiguration } from '../../../routing/route-call.ts';
import type { DigestServer } from '../../sip/authentication/digest-server.ts';
import type { SourceGuard } from '../../sip/authentication/source-guard.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import { createResponse, type SipRequest } from '../../sip/messages/message.ts';
import { parseNameAddr } from '../../sip/messages/name-addr.ts';
import { SipParseError } from '../../sip/messages/sip-parse-error.ts';
import type { Uri } from '../../sip/messages/uri.ts';
import type { ServerTransaction } from '../../sip/transactions/server-transaction.ts';
import type { Flow } from '../../sip/transport.ts';
import { dialledNumber } from '../dialled-number.ts';

export interface AdmissionOptions {
  readonly digest: Pick<DigestServer, 'challenge' | 'check'>;
  readonly guard: Pick<
    SourceGuard,
    'noteChallenge' | 'noteFailedAuthentication' | 'noteAuthenticated'
  >;
  readonly createTag: () => string;
  readonly logger: Logger;
}

/** Who sends a request. */
export interface Sender {
  /** Of an unassigned device an id that no user has. */
  readonly userId: UserId;
  /** MAC of the device whose own account it used; undefined for the account of the user. */
  readonly device: string | undefined;
}

/** Header fields that name the sender besides From (RFC 3325 §9). */
const identityHeaders = ['P-Asserted-Identity', 'P-Preferred-Identity', 'Remote-Party-ID'] as const;

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Header fields of the 401 for a request that shows nothing at all; undefined: it shows something. */
  challenge(request: SipRequest, flow: Flow): HeaderLines | undefined {
    if (request.headers.has('Authorization')) {
      return undefined;
    }
    const { digest, guard } = this.#options;
    guard.noteChallenge(flow.remoteAddress);
    return digest.challenge(request);
  }

  /** The account whose credentials the request has; otherwise it has been answered. */
  authenticate(request: SipRequest, transaction: ServerTransaction): Sender | undefined {
    const { digest, guard, createTag, logger } = this.#options;
    const { remoteAddress } = transaction.flow;
    const result = digest.check(request);
    switch (result.kind) {
      case 'authenticated':
        guard.noteAuthenticated(remoteAddress);
        return { userId: result.userId, device: result.device };
      case 'challenge':
        if (!result.stale) {
          guard.noteChallenge(remoteAddress);
        }
        transaction.respond(
          createResponse(request, 401, undefined, { toTag: createTag(), headers: result.headers }),
        );
        return undefined;
      case 'refused':
        guard.noteFailedAuthentication(remoteAddress);
        logger.debug('credentials were refused', {
          method: request.method,
          from: request.headers.get('From')?.slice(0, 128),
          status: result.status,
          source: remoteAddress,
        });
        transaction.respond(
          createResponse(request, result.status, undefined, { toTag: createTag() }),
        );
        return undefined;
    }
  }

  /**
   * Whether From, and every header field that asserts an identity, names this user; otherwise the
   * request has been answered 403.
   */
  speaksFor(
    userId: UserId,
    configuration: RoutingConfiguration,
    request: SipRequest,
    transaction: ServerTransaction,
  ): boolean {
    if (
      ownsAddress(configuration, userId, request.from.uri) &&
      identityHeaders.every((name) =>
        request.headers.getAll(name).every((value) => isOwnIdentity(configuration, userId, value)),
      )
    ) {
      return true;
    }
    const { createTag } = this.#options;
    transaction.respond(createResponse(request, 403, undefined, { toTag: createTag() }));
    return false;
  }
}

/** Whether an address is one of the user: its extension, SIP name or an alias, in any domain. */
export function ownsAddress(
  configuration: RoutingConfiguration,
  userId: UserId,
  address: Uri,
): boolean {
  const number = dialledNumber(address);
  const owner = number === undefined ? undefined : configuration.findNumber(number);
  return owner !== undefined && owner.kind !== 'service' && owner.userId === userId;
}

function isOwnIdentity(
  configuration: RoutingConfiguration,
  userId: UserId,
  value: string,
): boolean {
  try {
    return ownsAddress(configuration, userId, parseNameAddr(value).uri);
  } catch (error) {
    if (error instanceof SipParseError) {
      return false;
    }
    throw error;
  }
}
