import { describe, expect, it } from 'vitest';
import {
  findClosedDoors,
  findSentAstray,
} from '../../../../../provisioning/dhcp/options/open-doors.ts';

const closed = { http: false, tftp: false, ftp: false, isFtpPreferred: false };

describe('doors that are off', () => {
  it('are told with the phones that know no other', () => {
    expect(findClosedDoors({ ...closed, http: true, tftp: true })).toEqual([]);
    expect(findClosedDoors({ ...closed, http: true })).toEqual([
      {
        door: 'tftp',
        // Not SPA: they are given a URL then.
        families: [
          'Cisco with enterprise firmware (79xx, 78xx, 88xx)',
          'Nortel 1100, 1200 (Avaya)',
          'Alcatel-Lucent Enterprise NOE',
        ],
      },
    ]);
    expect(findClosedDoors({ ...closed, tftp: true })).toEqual([
      {
        door: 'http',
        families: [
          'Gigaset DECT (N510, N670, N720, N870) and Maxwell',
          'Alcatel-Lucent Enterprise SIP',
        ],
      },
    ]);
    expect(findClosedDoors(closed).map(({ families }) => families)).toEqual([
      expect.arrayContaining(['All phones', 'Yealink']),
      expect.arrayContaining(['Cisco SPA and ATA']),
    ]);
  });

  it('are missed by the phones of these families, known by option 60', () => {
    const [tftp] = findClosedDoors({ ...closed, http: true });
    const familyOf = (text: string | undefined) =>
      tftp === undefined ? undefined : findSentAstray(tftp, text);
    expect(familyOf('cisco systems, inc. ip phone CP-7941G')).toContain('79xx');
    expect(familyOf('Cisco SPA504G')).toBeUndefined();
    expect(familyOf(undefined)).toBeUndefined();
  });
});
