/** Anna calls a user with several phones. */
import { CallPlaneHarness } from './call-plane-harness.ts';
import type { ScriptedPhone } from './scripted-phone.ts';

export interface ForkedCall {
  readonly pbx: CallPlaneHarness;
  readonly anna: ScriptedPhone;
  readonly phones: readonly ScriptedPhone[];
}

/** Users 1001 (Anna) and 1002, who has `phoneCount` phones; all are registered. */
export function startFork(phoneCount: number): ForkedCall {
  const pbx = new CallPlaneHarness();
  pbx.settings.mediaPolicy = 'anchored';
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const phones = Array.from({ length: phoneCount }, (_, index) =>
    pbx.addPhone('1002', `192.0.2.${String(20 + index)}`),
  );
  return { pbx, anna, phones };
}

export function at(phones: readonly ScriptedPhone[], index: number): ScriptedPhone {
  const phone = phones[index];
  if (phone === undefined) {
    throw new Error(`there is no phone ${String(index)}`);
  }
  return phone;
}
