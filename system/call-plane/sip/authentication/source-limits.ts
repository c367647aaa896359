/** What an address is banned for, and how much of each is borne, as the administrator has set it. */
import type { Settings } from '../../../configuration/entities/settings.ts';

/** What an address can be banned for. */
export type Offence =
  | 'failed-authentications'
  | 'unanswered-challenges'
  | 'malformed-messages'
  | 'message-rate'
  | 'extreme-message-rate'
  | MethodOffence
  /** Recognised by its User-Agent, at the first request. */
  | 'attack-tool';

type MethodOffence =
  | 'register-rate'
  | 'invite-rate'
  | 'ack-rate'
  | 'options-rate'
  | 'subscribe-rate';

export const methodOffences: ReadonlyMap<string, MethodOffence> = new Map([
  ['REGISTER', 'register-rate'],
  ['INVITE', 'invite-rate'],
  ['ACK', 'ack-rate'],
  ['OPTIONS', 'options-rate'],
  ['SUBSCRIBE', 'subscribe-rate'],
]);

export interface SourceLimit {
  /** More than this many within the window lead to a ban; 0 switches the limit off. */
  readonly limit: number;
  readonly windowSec: number;
  readonly banSec: number;
}

/** Of the rules that count messages. */
const rateWindowSec = 10;

export type CountedOffence = Exclude<Offence, 'attack-tool'>;

export interface SourceLimits extends Readonly<Record<CountedOffence, SourceLimit>> {
  /** Parts of User-Agent, in lower case. */
  readonly attackTools: readonly string[];
  readonly attackToolBanSec: number;
}

/** The limits that the administrator has set. */
export function sourceLimitsOf(settings: Settings): SourceLimits {
  const windowSec = settings.sipRulesWindowSec;
  const ofMethod = (isLimited: boolean): SourceLimit => ({
    limit: isLimited ? settings.sipMethodLimit : 0,
    windowSec: settings.sipMethodWindowSec,
    banSec: settings.sipMethodBlockSec,
  });
  return {
    'register-rate': ofMethod(settings.sipLimitRegister),
    'invite-rate': ofMethod(settings.sipLimitInvite),
    'ack-rate': ofMethod(settings.sipLimitAck),
    'options-rate': ofMethod(settings.sipLimitOptions),
    'subscribe-rate': ofMethod(settings.sipLimitSubscribe),
    attackTools: settings.sipAttackTools.map((tool) => tool.toLowerCase()),
    attackToolBanSec: settings.sipAttackToolBlockSec,
    'failed-authentications': {
      limit: settings.sipFailedAuthentications,
      windowSec,
      banSec: settings.sipFailedAuthenticationsBlockSec,
    },
    'unanswered-challenges': {
      limit: settings.sipUnansweredChallenges,
      windowSec,
      banSec: settings.sipUnansweredChallengesBlockSec,
    },
    'malformed-messages': {
      limit: settings.sipMalformedMessages,
      windowSec,
      banSec: settings.sipMalformedMessagesBlockSec,
    },
    'message-rate': {
      limit: settings.sipMessagesPer10Sec,
      windowSec: rateWindowSec,
      banSec: settings.sipMessagesBlockSec,
    },
    'extreme-message-rate': {
      limit: settings.sipFloodPer10Sec,
      windowSec: rateWindowSec,
      banSec: settings.sipFloodBlockSec,
    },
  };
}

/** All limits off: for peers that are guarded elsewhere, and for measuring. */
const off: SourceLimit = { limit: 0, windowSec: 60, banSec: 0 };
export const noSourceLimits: SourceLimits = {
  'failed-authentications': off,
  'unanswered-challenges': off,
  'malformed-messages': off,
  'message-rate': off,
  'extreme-message-rate': off,
  'register-rate': off,
  'invite-rate': off,
  'ack-rate': off,
  'options-rate': off,
  'subscribe-rate': off,
  attackTools: [],
  attackToolBanSec: 0,
};

export function isAttackTool(userAgent: string, tools: readonly string[]): boolean {
  const text = userAgent.toLowerCase();
  return tools.some((tool) => text.includes(tool));
}
