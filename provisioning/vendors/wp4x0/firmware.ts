/** Firmware images of WP4x0: `wp480-54.0.1.92.rom`. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const wp4x0Firmware: FirmwareFacts = {
  names: [
    {
      pattern: /^(?<model>WP\d{3}\w{0,3}?)[-_.]v?(?<version>\d{1,3}(?:\.\d{1,5}){1,4})\.rom$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
