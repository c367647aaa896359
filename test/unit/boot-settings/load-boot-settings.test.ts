import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBootSettings } from '../../../system/boot-settings/load-boot-settings.ts';
import type { BootSettings } from '../../../system/boot-settings/boot-settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'campanile-boot-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function load(
  file: string | undefined,
  environment: Record<string, string> = {},
  preset: 'standard' | 'high' = 'standard',
): BootSettings {
  let path: string | undefined;
  if (file !== undefined) {
    path = join(directory, 'campanile.json');
    writeFileSync(path, file);
  }
  return loadBootSettings({ preset, file: path, environment, defaultDataDirectory: '/data' });
}

describe('loading the boot settings', () => {
  it('takes the standard ports when nothing is said', () => {
    expect(load(undefined)).toMatchObject({
      sipPort: 5060,
      sipTlsPort: 5061,
      httpsPort: 443,
      httpPort: 80,
      ftpPort: 21,
    });
  });

  it('takes high ports with the other preset', () => {
    expect(load(undefined, {}, 'high')).toMatchObject({
      sipPort: 15060,
      sipTlsPort: 15061,
      httpsPort: 8443,
      ftpPort: 2121,
    });
  });

  it('[SIP-024] lets the file change SIP and RTP ports and the environment change the file', () => {
    const settings = load('{"sipPort": 5070, "rtpPortMin": 20000, "rtpPortMax": 20999}', {
      CAMPANILE_SIP_PORT: '5080',
      CAMPANILE_LISTEN_ADDRESSES: '127.0.0.1, ::1',
      PATH: '/bin',
    });
    expect(settings).toMatchObject({
      sipPort: 5080,
      rtpPortMin: 20000,
      listenAddresses: ['127.0.0.1', '::1'],
    });
  });

  it.each([
    ['an unknown name in the file', '{"sipprot": 5060}', {}, /sipprot .*Did you mean sipPort\?/],
    [
      'an unknown name in the environment',
      undefined,
      { CAMPANILE_HTTP_PROT: '80' },
      /CAMPANILE_HTTP_PROT .*Did you mean CAMPANILE_HTTP_PORT\?/,
    ],
    ['a name like no other', '{"colour": "red"}', {}, /Unknown setting colour in [^?]*$/],
    ['a port that is none', undefined, { CAMPANILE_SIP_PORT: 'high' }, /sipPort: /],
    ['a port out of range', '{"httpsPort": 70000}', {}, /httpsPort: /],
    [
      'an address that is none',
      '{"listenAddresses": ["localhost"]}',
      {},
      /listenAddresses\.0: must be an IPv4 or IPv6 address/,
    ],
    ['an odd start of the RTP range', '{"rtpPortMin": 30001}', {}, /rtpPortMin must be even/],
    [
      'one port for two servers',
      '{"sipPort": 5443}',
      { CAMPANILE_HTTPS_PORT: '5443' },
      /httpsPort is the same port as sipPort: 5443/,
    ],
    ['a broken file', '{"sipPort": ', {}, /Cannot read .*campanile\.json/],
    ['a file that is no object', '[1]', {}, /must hold one JSON object/],
  ])('refuses %s', (_title, file, environment, message) => {
    expect(() => load(file, environment as Record<string, string>)).toThrow(message);
  });

  it('names everything that is wrong at once', () => {
    expect(() => load('{"sipport": 1, "httpPort": "x", "logLevel": "loud"}')).toThrow(
      /sipport[\s\S]*httpPort[\s\S]*logLevel/,
    );
  });
});
