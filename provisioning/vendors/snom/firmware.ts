/** Firmware images of Snom desk phones: `snomD785-10.1.175.15-SIP-r.bin`. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const snomFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^snom(?<model>[A-Z]{0,2}\d{3}[A-Z]{0,2})-(?<version>\d{1,3}(?:\.\d{1,5}){1,4})-SIP-\w{1,4}\.bin$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
