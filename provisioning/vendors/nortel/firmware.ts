/** Firmware images of the 1100 and 1200 series: `SIP1140e04.04.09.00.bin`; one image for 1210, 1220 and 1230. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const nortelFirmware: FirmwareFacts = {
  names: [{ pattern: /^SIP(?<hardware>11[246][05]e|12x0)(?<version>\d{2}(?:\.\d{2}){3})\.bin$/i }],
  headers: [],
  hardware: {
    '1120e': ['1120E'],
    '1140e': ['1140E'],
    '1165e': ['1165E'],
    '12x0': ['1210', '1220', '1230'],
  },
  // The phone compares versions and takes only a newer one.
  canGoBack: false,
  update: 'reboot',
};
