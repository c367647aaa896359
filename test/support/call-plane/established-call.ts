/** Two phones that talk: where tests of what happens in a call begin. */
import { CallPlaneHarness } from './call-plane-harness.ts';
import type { FakeMediaEndpoint } from '../media-plane/fake-media-plane.ts';
import { phoneSdp } from './phone-sdp.ts';
import type { PhoneCall } from './phone-call.ts';
import type { ScriptedPhone } from './scripted-phone.ts';

export interface EstablishedCall {
  readonly pbx: CallPlaneHarness;
  readonly anna: ScriptedPhone;
  readonly bruno: ScriptedPhone;
  /** Anna's side, who called. */
  readonly call: PhoneCall;
  /** Bruno's side. */
  readonly incoming: PhoneCall;
  /** In anchored mode: the endpoints that face Anna and Bruno. */
  readonly ends: readonly FakeMediaEndpoint[];
}

export interface EstablishedCallOptions {
  readonly mediaPolicy?: 'direct' | 'anchored';
  readonly sessionTimerSec?: number;
  readonly silenceSec?: number;
  /** Whether Bruno's phone says that it can UPDATE. */
  readonly allowsUpdate?: boolean;
  /** What both phones say in Supported. */
  readonly supported?: string;
  /** Of Anna's INVITE. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Of Bruno's 200. */
  readonly answerHeaders?: readonly (readonly [string, string])[];
}

export function establishCall(options: EstablishedCallOptions = {}): EstablishedCall {
  const pbx = new CallPlaneHarness({ silenceSec: options.silenceSec ?? 0 });
  pbx.settings.mediaPolicy = options.mediaPolicy ?? 'anchored';
  pbx.settings.sessionTimerSec = options.sessionTimerSec ?? 0;
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  bruno.allowsUpdate = options.allowsUpdate ?? false;
  anna.supported = options.supported;
  bruno.supported = options.supported;
  const call = anna.call('1002', phoneSdp(anna.address), options.headers);
  pbx.run();
  const incoming = bruno.lastIncoming;
  incoming.progress(180);
  pbx.run();
  incoming.answer(phoneSdp(bruno.address, { port: 42_000 }), options.answerHeaders);
  pbx.run();
  call.ack();
  pbx.run();
  call.responses.length = 0;
  incoming.requests.length = 0;
  return { pbx, anna, bruno, call, incoming, ends: pbx.media.endpoints };
}

/** Hangs up and looks that nothing is left. */
export function endCall({ pbx, call }: EstablishedCall): void {
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
}
