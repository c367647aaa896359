/** Firmware images of W-AIR bases: `W-AIR_Base_Sync_Plus_v0740b0100.fwu`, as RTX names them. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const wAirFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^(?:Wildix[-_ ])?(?<model>W-?AIR(?:[-_ ](?:Base|Sync|Plus|Outdoor)){1,4})[-_ ]v?(?<version>\d{1,4}(?:[._]?b?\d{1,5}){0,4})\.fwu$/i,
    },
  ],
  headers: [],
  // Bases refuse older branches.
  canGoBack: false,
  update: 'reboot',
};
