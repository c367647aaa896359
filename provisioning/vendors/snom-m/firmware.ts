/** Firmware images of Snom DECT bases: `M900_v0830b0011.fwu`. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const snomMFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^(?:snom[-_]?)?(?<model>M\d{3})[-_]v?(?<version>\d{1,4}(?:[._]?b?\d{1,5}){0,4})\.fwu$/i,
    },
    { pattern: /^M(?:5|10|15|25|30|55|58|65|70|80|85|90)[-_][\w.-]{1,40}\.fwu$/i, isHandset: true },
  ],
  headers: [],
  // Bases refuse older branches.
  canGoBack: false,
  update: 'reboot',
};
