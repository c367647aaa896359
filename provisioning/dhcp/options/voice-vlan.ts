/**
 * The voice VLAN in the options that phones read it from: a phone that boots in the data network
 * learns it there, and asks again inside the VLAN. Put the rule into the subnet of the data network.
 */
import { optionCode } from '../message/option-code.ts';
import type { OptionRule, OptionSetting } from './option-rules.ts';

export interface VoiceVlan {
  /** 1 to 4094. */
  readonly id: number;
  /** 802.1p, 0 to 7. */
  readonly priority: number;
}

/** Codes in which Polycom looks for its text `VLAN-A=10;`. */
const polycomCodes = [128, 144, 157, 191];

/** Yealink, Snom, Htek and AudioCodes read 132 and 133 as decimal text. */
export function createVoiceVlanRules(vlan: VoiceVlan): OptionRule[] {
  const polycomText = `VLAN-A=${String(vlan.id)};`;
  return [
    {
      name: 'Voice VLAN',
      options: [
        { code: optionCode.vlanId, value: { type: 'text', text: String(vlan.id) } },
        { code: optionCode.vlanPriority, value: { type: 'text', text: String(vlan.priority) } },
      ],
    },
    {
      name: 'Voice VLAN (Poly)',
      when: { vendorClasses: ['Polycom'] },
      options: polycomCodes.map((code): OptionSetting => ({
        code,
        value: { type: 'text', text: polycomText },
      })),
    },
  ];
}
