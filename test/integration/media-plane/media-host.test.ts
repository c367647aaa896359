/** The supervision of the media worker, with workers that fail in every way a worker can. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { MediaPlaneHost } from '../../../system/media-plane/media-host.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';
import { RtpPhone } from '../../support/media-plane/rtp-phone.ts';

let folder: string;
let host: MediaPlaneHost | undefined;
let phone: RtpPhone;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'media-host-'));
  process.env['MEDIA_WORKER_MARKER'] = join(folder, 'lived');
  phone = await RtpPhone.open();
});

afterEach(async () => {
  await host?.close();
  phone.close();
  delete process.env['MEDIA_WORKER_MARKER'];
  rmSync(folder, { recursive: true });
});

describe('a media worker', () => {
  it.each([
    [
      'dies when it starts',
      new URL('../../support/media-plane/workers/crashes-once.ts', import.meta.url),
    ],
    [
      'throws in a tick',
      new URL('../../support/media-plane/workers/breaks-in-tick.ts', import.meta.url),
    ],
    [
      'hangs in a tick',
      new URL('../../support/media-plane/workers/hangs-once.ts', import.meta.url),
    ],
  ])(
    'that %s is replaced, and the service that waited for it sounds',
    async (_how, workerModule) => {
      const { rtpPortMin, rtpPortMax } = chooseRtpRange();
      const states: string[] = [];
      host = new MediaPlaneHost({
        portRange: { from: rtpPortMin, to: rtpPortMax },
        clock: systemClock,
        logger: silentLogger,
        onHealthChange: () => states.push(host?.health().state ?? ''),
        workerModule,
      });
      host.start();
      const endpoint = host.plane.createEndpoint({ localAddress: '127.0.0.1' });
      endpoint.setRemote(phone.media);
      endpoint.attach('milliwatt', 'PCMU', 0);

      const packet = await phone.rtp.next();

      expect(packet).toHaveLength(172);
      expect(host.health()).toMatchObject({ state: 'running', detail: '', restarts: 1 });
      expect(states).toContain('degraded');
    },
  );
});
