/** What calls are given: the configuration they read and the parts of the daemon they work with. */
import type { ManagementPlaneRequests } from '../../bus/contract.ts';
import type { CallerNames } from '../../caller-names/caller-name-table.ts';
import type { MediaPlane, VoiceLanguage } from '../../media-plane/media.ts';
import type { CallRecord } from '../../records/call-record.ts';
import type { PhoneLoginOutcome, RoutingConfiguration } from '../../routing/route-call.ts';
import type { Registrar } from '../registrar/registrar.ts';
import type { DialogServices } from '../sip/dialogs/dialog-services.ts';

/** The part of the snapshot that calls read. A call keeps the one it began with. */
export interface CallConfiguration extends RoutingConfiguration {
  readonly revision: number;
  readonly settings: CallSettings;
}

export interface CallSettings {
  readonly sipDomain: string;
  readonly ringTimeoutSec: number;
  readonly phoneLoginCode: string;
  /** Of what services say. */
  readonly language: VoiceLanguage;
  /** 0: no session timer of ours. */
  readonly sessionTimerSec: number;
  readonly mediaPolicy: 'direct' | 'anchored';
}

export type PhoneUserChange = ManagementPlaneRequests['phones.change-user']['request'];

export interface CallEnvironment extends DialogServices {
  readonly media: MediaPlane;
  readonly registrar: Pick<Registrar, 'contactsFor'>;
  /** A phone logs in or out; never rejects. */
  readonly changePhoneUser: (change: PhoneUserChange) => Promise<PhoneLoginOutcome>;
  /** Names out of the phonebooks, as they are now; undefined: there are none. */
  readonly callerNames: () => Pick<CallerNames, 'find'> | undefined;
  /** Keeps the record for good before it returns. */
  readonly writeRecord: (record: CallRecord) => void;
}
