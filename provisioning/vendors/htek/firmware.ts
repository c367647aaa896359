/** Firmware images of Htek: `fw924-2.0.4.6.41.rom`; the phone asks for the name without the version. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const htekFirmware: FirmwareFacts = {
  names: [
    {
      pattern: /^fw(?<model>\d{3}[A-Z]?)[-_](?<version>\d{1,2}(?:\.\d{1,4}){2,4})\.rom$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
