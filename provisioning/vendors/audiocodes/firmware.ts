/**
 * Firmware images of AudioCodes: `440HD-2.2.16.4.img` of phones, `MP118_SIP_F6.60A.329.003.cmp` of MediaPack;
 * the device asks for the name in its URL.
 */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const audiocodesFirmware: FirmwareFacts = {
  names: [
    {
      pattern: /^(?<model>C?\d{3}HD)[-_](?:UC[-_])?v?(?<version>\d{1,3}(?:\.\d{1,5}){2,4})\.img$/i,
    },
    {
      pattern:
        /^(?<model>MP1(?:12|14|18|24))_\w{1,20}_F?(?<version>\d\.\d{2}\w?(?:\.\d{1,3}){2})\.cmp$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
