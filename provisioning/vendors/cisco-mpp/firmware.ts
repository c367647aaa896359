/**
 * Firmware images of Cisco multi-platform phones: `sip88xx.11-3-1MSR2-6.loads` lists the files that
 * the phone then fetches beside it.
 */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const ciscoMppFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^sip(?<hardware>\d{2,4}(?:xx|_\d{2})?)\.(?<version>\d{1,2}-\d{1,2}-\w{1,12}(?:-\w{1,8}){0,3})\.loads$/i,
    },
    {
      pattern:
        /^(?:sip|kern|rootfs|sboot|fbi|vc4|dkey|ssb)\w{2,12}[.-][\w.-]{1,60}\.(?:sbn|zz|zz\.sgn|sgn|sebn)$/i,
      isPart: true,
    },
  ],
  headers: [],
  hardware: {
    '68xx': ['6821', '6841', '6851', '6861', '6871'],
    '78xx': ['7811', '7821', '7841', '7861'],
    '7832': ['7832'],
    '88xx': ['8811', '8841', '8851', '8861'],
    '8832': ['8832'],
    '8845_65': ['8845', '8865'],
    '98xx': ['9841', '9851', '9861', '9871'],
  },
  canGoBack: true,
  update: 'reboot',
};
