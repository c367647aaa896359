/** Firmware images of Gigaset bases: `Gigaset-N870-2.65.0.bin`, `Nx70-2.65.0.bin` for all of a line. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const gigasetFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^(?:Gigaset-)?Nx70[-_]?(?:IP[-_]PRO[-_])?v?(?<version>\d{1,3}(?:\.\d{1,5}){1,4})[\w.+-]{0,40}\.bin$/i,
      models: ['N610', 'N670', 'N770', 'N870'],
    },
    {
      pattern:
        /^(?:Gigaset-)?(?<model>N\d{3}E?)[-_](?:(?:IP|DM)[-_]PRO[-_])?v?(?<version>\d{1,3}(?:\.\d{1,5}){1,4})[\w.+-]{0,40}\.bin$/i,
    },
  ],
  headers: [],
  // An older image asks for a reset of the base.
  canGoBack: false,
  update: 'fetch',
};
