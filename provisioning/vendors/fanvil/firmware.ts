/**
 * Firmware images of Fanvil: `x5u-2.4.12.z`, and as the maker names them,
 * `v62-fanvil-release-ff01-5944-2.12.20-krnlvUT2024-07-16-04.36.28.z`, `x4u-6902-P0.18.23.89-2.4.5.2-3594T….z`
 * and `x3s2.10.2.6887T20191115101938.z`.
 */
import type { FirmwareFacts } from '../../firmware/firmware-facts.ts';

export const fanvilFirmware: FirmwareFacts = {
  names: [
    {
      pattern:
        /^(?<model>[XVHWI]\d{1,3}[A-Z]{0,6})-(?:(?:[PV]\d[\d.]{1,20}|[A-Z0-9]{1,12})-){1,6}(?<version>\d{1,3}(?:\.\d{1,5}){1,3})-[\w.-]{1,60}\.z$/i,
    },
    { pattern: /^(?<model>X\dS?)(?<version>\d\.\d{1,3}\.\d{1,3}\.\d{1,5})T\d{8,14}\.z$/i },
    {
      pattern:
        /^(?:fanvil|fw)?[-_]?(?<model>[XVHWI]\d{1,3}[A-Z]{0,2})[-_ ](?:[A-Z]{1,8}[-_])?v?(?<version>\d{1,3}(?:\.\d{1,5}){1,4})(?:[-_][\w.-]{0,40})?\.z$/i,
    },
  ],
  headers: [],
  canGoBack: true,
  update: 'reboot',
};
