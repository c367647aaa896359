/** Firmware images of Aastra: `57i.st`; the phone adds the name to the address by itself. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const aastraFirmware: FirmwareFacts = {
  names: [{ pattern: /^(?<model>(?:5[357]i|67\d{2}i))(?:CT)?\.st$/i }],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
