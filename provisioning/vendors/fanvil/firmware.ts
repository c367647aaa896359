/** Firmware images of Fanvil: `x5u-2.4.12.z`. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const fanvilFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^(?:fanvil|fw)?[-_]?(?<model>[XVHW]\d{1,3}[A-Z]{0,2})[-_ ](?:[A-Z]{1,8}[-_])?v?(?<version>\d{1,3}(?:\.\d{1,5}){1,4})(?:[-_][\w.-]{0,40})?\.z$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
