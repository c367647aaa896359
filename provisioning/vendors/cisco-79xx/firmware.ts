/**
 * Firmware of Cisco 79xx phones: `SIP41.9-4-2SR3-1S.loads` or `P0S3-8-12-00.loads` lists the files that
 * the phone then fetches beside it.
 */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const cisco79xxFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^SIP(?<hardware>11|41|42|45|70|75)\.(?<version>\d{1,2}-\d{1,2}-\w{1,12}(?:-\w{1,8}){0,3})\.loads$/,
    },
    { pattern: /^(?<version>P0S3-\d{1,2}-\d{1,2}-\d{1,2})\.loads$/, models: ['7940', '7960'] },
    {
      pattern:
        /^(?:(?:apps|cnu|cvm|dsp|jar|term)\d{2}\w{0,4}\.[\w.-]{1,40}\.(?:sbn|loads)|P0[0S]3-[\w-]{1,20}\.(?:sb2|sbn|bin))$/,
      isPart: true,
    },
  ],
  headers: [],
  hardware: {
    '11': ['7906', '7911'],
    '41': ['7941', '7961'],
    '42': ['7942', '7962'],
    '45': ['7945', '7965'],
    '70': ['7970', '7971'],
    '75': ['7975'],
  },
  canGoBack: true,
  update: 'reboot',
};
