/** Firmware images of Grandstream: `grp2614fw.bin`. The device adds the name to the address by itself. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const grandstreamFirmware: FirmwareFacts = {
  names: [
    {
      pattern: /^gxp1600fw\.bin$/i,
      models: ['GXP1610', 'GXP1615', 'GXP1620', 'GXP1625', 'GXP1628', 'GXP1630'],
    },
    { pattern: /^ht80xv2fw\.bin$/i, models: ['HT801V2', 'HT802V2'] },
    { pattern: /^(?<model>(?:gxp|grp|ht|dp)\d{3,4})(?:[a-z]{1,2})?fw\.bin$/i },
    { pattern: /^(?<model>(?:gxp|grp|ht|dp)\d{3,4})(?:boot|core|base|prog)\.bin$/i, isPart: true },
    // First generation: `gxp2000e.bin` beside `boot55e.bin`.
    { pattern: /^(?<model>(?:bt|gxp|gxv|ht)\d{3,4})[ae]\.bin$/i },
    { pattern: /^boot\d{2}[ae](?:\d{2})?\.bin$/i, isPart: true },
  ],
  headers: [
    {
      magic: 'f97ac923',
      // The name of the first part inside, e.g. ht802boot.bin.
      model: {
        offset: 4,
        length: 64,
        pattern: /^(?<value>(?:gxp|grp|ht|dp)\d{3,4})/i,
      },
    },
  ],
  hardware: {
    GXP1600: ['GXP1610', 'GXP1615', 'GXP1620', 'GXP1625', 'GXP1628', 'GXP1630'],
    gxp1600: ['GXP1610', 'GXP1615', 'GXP1620', 'GXP1625', 'GXP1628', 'GXP1630'],
  },
  canGoBack: true,
  update: 'reboot',
};
