/** Firmware images of Cisco SPA: `spa50x-30x-7-6-2f.bin`, `spa525g-7-6-2.bin`. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

const version = String.raw`(?<version>\d{1,2}(?:[-.]\d{1,4}){1,3}[a-z]{0,2})(?:-\w{1,8})?\.bin$`;

export const ciscoSpaFirmware: FirmwareFacts = {
  names: [
    {
      pattern: new RegExp(`^spa50x-30x-${version}`, 'i'),
      models: ['SPA301', 'SPA303', 'SPA501G', 'SPA502G', 'SPA504G', 'SPA508G', 'SPA509G'],
    },
    { pattern: new RegExp(`^spa51x-${version}`, 'i'), models: ['SPA512G', 'SPA514G'] },
    { pattern: new RegExp(`^spa525g2?-${version}`, 'i'), models: ['SPA525G', 'SPA525G2'] },
    { pattern: new RegExp(`^spa94[12]-${version}`, 'i'), models: ['SPA941', 'SPA942'] },
    { pattern: new RegExp(`^(?<model>(?:spa|pap)\\w{2,5})-${version}`, 'i') },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
