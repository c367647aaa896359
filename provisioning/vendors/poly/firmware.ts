/** Firmware images of Poly: `<part number>.sip.ld` for one model, `sip.ld` for all together. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const polyFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^(?<hardware>\d{4}-\d{5})-\d{3}\.sip(?:[._-]v?(?<version>\d{1,3}(?:\.\d{1,5}){1,4}))?\.ld$/i,
    },
    { pattern: /^(?<hardware>\d{4}-\d{5})-\d{3}\.bootrom\.ld$/i, isPart: true },
    { pattern: /^sip\.ld$/i },
  ],
  headers: [],
  /** Part numbers without the variant. */
  hardware: {
    '2345-17960': ['VVX1500'],
    '3111-40250': ['VVX101'],
    '3111-40450': ['VVX201'],
    '3111-44500': ['VVX500'],
    '3111-44600': ['VVX600'],
    '3111-46135': ['VVX300'],
    '3111-46157': ['VVX400'],
    '3111-46161': ['VVX310'],
    '3111-46162': ['VVX410'],
    '3111-48300': ['VVX301'],
    '3111-48350': ['VVX311'],
    '3111-48400': ['VVX401'],
    '3111-48450': ['VVX411'],
    '3111-48500': ['VVX501'],
    '3111-48600': ['VVX601'],
    '3111-48810': ['VVX150'],
    '3111-48820': ['VVX250'],
    '3111-48830': ['VVX350'],
    '3111-48840': ['VVX450'],
  },
  canGoBack: true,
  update: 'reboot',
};
