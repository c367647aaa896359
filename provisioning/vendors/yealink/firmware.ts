/** Firmware images of Yealink: `T54W(T57W,T53W)-96.86.0.118.rom`; the first number names hardware. */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const yealinkFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^W(?:53|56|57|59|73|74|78)[HR]\w{0,4}-(?<version>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,5})\.rom$/i,
      models: ['W60B', 'W70B', 'W75DM', 'W80DM', 'W90DM'],
      isHandset: true,
    },
    {
      pattern:
        /^(?:SIP-)?(?<model>(?:T|W|CP|VP|AX|VC)\d{2,3}[A-Z]{0,2})?(?:\((?<others>[\w,]{1,120})\))?-?(?<version>(?<hardware>\d{1,3})\.\d{1,3}\.\d{1,3}\.\d{1,5})(?:[-_][\w.-]{0,40})?\.rom$/i,
    },
  ],
  headers: [
    {
      magic: 'ad24ec0b',
      hardwareOffset: 0x20,
      model: { offset: 0x24, length: 16 },
      version: { offset: 0x44, length: 32 },
    },
  ],
  hardware: {
    25: ['W52P'],
    58: ['T56A', 'T58'],
    66: ['T41S', 'T42S', 'T46S', 'T48S'],
    70: ['T52S', 'T54S'],
    77: ['W60B'],
    96: ['T53', 'T53W', 'T54W', 'T57W'],
    103: ['W80DM'],
    108: ['T41U', 'T42U', 'T43U', 'T44U', 'T46U', 'T48U'],
    124: ['T30', 'T31', 'T33G', 'T34W'],
    130: ['W90DM'],
    146: ['W70B'],
    150: ['T58W'],
    175: ['W75DM'],
    180: ['AX83H', 'AX86R'],
    185: ['T73U', 'T73W', 'T74U', 'T74W', 'T77U', 'T85W', 'T87W'],
    192: ['T88W'],
  },
  canGoBack: true,
  update: 'fetch',
};
