/** Firmware images of AudioCodes phones: `440HD-2.2.16.4.img`; the phone asks for the name in its URL. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const audiocodesFirmware: FirmwareFacts = {
  names: [
    {
      pattern: /^(?<model>C?\d{3}HD)[-_](?:UC[-_])?v?(?<version>\d{1,3}(?:\.\d{1,5}){2,4})\.img$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
