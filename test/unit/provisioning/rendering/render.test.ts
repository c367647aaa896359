import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CustomAssignment, DeviceLine } from '../../../../provisioning/device.ts';
import { renderFile, type RenderedFile } from '../../../../provisioning/rendering/render.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import {
  catalogue,
  createDevice,
  render,
  renderAll,
  textOf,
} from '../../../support/provisioning/complete-device.ts';

function originsOf(file: RenderedFile, part: string): string[] {
  return file.lines
    .filter(({ text }) => text.includes(part))
    .flatMap(({ origins }) => origins.map(({ origin }) => `${origin.source} ${origin.name}`));
}

function linesOf(file: RenderedFile, part: string): string[] {
  return file.lines.map(({ text }) => text).filter((text) => text.includes(part));
}

function custom(key: string, value: string | Secret, file?: string): CustomAssignment {
  return { key, value, ...(file === undefined ? {} : { file }) };
}

/** One model of each family of each vendor. */
const samples = catalogue.vendors.flatMap((vendor) => {
  const families = new Set(vendor.data.models.map(({ family }) => family));
  return [...families].map((family): [string, string] => [
    vendor.data.id,
    vendor.data.models.find((model) => model.family === family)?.id ?? '',
  ]);
});

test('the origin of a line is the scope that gave its value', () => {
  const device = createDevice('yealink', 'T53W', {
    settings: { 'time.ntpServer1': 'device.example.org' },
    groups: [
      { name: 'Reception', settings: { 'time.ntpServer2': 'two.example.org' }, customLines: [] },
    ],
  });
  const file = renderFile({
    vendor: catalogue.require('yealink'),
    device,
    scopes: [{ level: 'default', name: 'site', values: { 'time.zone': 'Europe/Rome' } }],
    file: 'device',
    stage: 'secure',
    fetchUrl: 'https://pbx.example.org/prov/token/',
  });
  expect(originsOf(file, 'device.example.org')).toEqual(['device 0015650a0b0c']);
  expect(originsOf(file, 'two.example.org')).toEqual(['group Reception']);
  expect(originsOf(file, 'time_zone_name')).toEqual(['default site']);
  expect(originsOf(file, 'account.1.user_name')).toEqual(['assignment anna']);
});

test('a line that is written because a setting is missing names the setting', () => {
  const file = render(createDevice('yealink', 'T53W', { settings: {} }), 'device');
  const reasonOf = (part: string): unknown =>
    file.lines.find(({ text }) => text.includes(part))?.origins;
  const unset = { source: 'default', name: 'unset' };
  expect(reasonOf('local_time.ntp_server1')).toEqual([
    { variable: 'time.ntpServer1', origin: unset },
  ]);
  expect(reasonOf('vlan.internet_port_enable')).toEqual([
    { variable: 'network.voiceVlanId', origin: unset },
  ]);
  expect(reasonOf('auto_provision.custom.protect')).toEqual([]);
});

test('a custom line replaces the generated one, that of the device wins over that of the group', () => {
  const device = createDevice('yealink', 'T53W', {
    groups: [
      {
        name: 'Sales',
        settings: {},
        customLines: [custom('lang.gui', 'German'), custom('screensaver.wait_time', '600')],
      },
    ],
    customLines: [custom('LANG.GUI', 'French'), custom('wallpaper_upload.url', 'x = y')],
  });
  const file = render(device, 'device');
  expect(linesOf(file, 'lang.gui')).toEqual([]);
  expect(linesOf(file, 'LANG.GUI')).toEqual(['LANG.GUI = French']);
  expect(originsOf(file, 'LANG.GUI')).toEqual(['device 0015650a0b0c']);
  expect(originsOf(file, 'screensaver.wait_time')).toEqual(['group Sales']);
  expect(linesOf(file, 'wallpaper_upload.url')).toEqual(['wallpaper_upload.url = x = y']);
});

test('a custom line cannot leave its place', () => {
  const withLine = (key: string, value: string) =>
    createDevice('snom', 'D785', { customLines: [custom(key, value)] });
  expect(() => render(withLine('a="b"><x', '1'), 'device')).toThrow('not a parameter name');
  expect(() => render(withLine('a\nb', '1'), 'device')).toThrow('not a parameter name');
  expect(linesOf(render(withLine('user_note', '</user_note><x>'), 'device'), 'user_note')).toEqual([
    '<user_note perm="R">&lt;/user_note&gt;&lt;x&gt;</user_note>',
  ]);
});

test('a secret custom line makes the file secret and is not shown', async () => {
  const device = createDevice('yealink', 'T53W', {
    customLines: [custom('static.wifi.1.password', new Secret('wlan-pass'))],
  });
  const file = render(device, 'device');
  const [line] = file.lines.filter(({ text }) => text.includes('wlan-pass'));
  expect(line).toMatchObject({ isSecret: true });
  expect(line?.shown).not.toContain('wlan-pass');
  expect(await file.writeShown()).toBe(file.lines.map(({ shown }) => shown).join('\n'));
});

test('a large file leaves others their turn while it is written', async () => {
  const lines = Array.from({ length: 500 }, (_, index) => ({
    account: `user${index}`,
    displayName: `Anna ${index}`,
    userName: `${1000 + index}`,
    password: new Secret(`s3cr3t-${index}`),
    server: { host: 'pbx.example.org' },
  }));
  const dect = {
    systemName: 'Head office',
    isMultiCell: true,
    isDataMaster: true,
    chainId: 1,
    hasPlannedTree: false,
    syncsByLan: false,
    isOpen: false,
    places: 500,
  };
  const device = createDevice('snom-m', 'M900', { lines, dect });
  let turnsOfOthers = 0;
  let isWritten = false;
  const takeTurn = (): void => {
    turnsOfOthers += 1;
    if (!isWritten) {
      setImmediate(takeTurn);
    }
  };
  setImmediate(takeTurn);
  const bytes = await render(device, 'device').write();
  isWritten = true;
  expect(turnsOfOthers).toBeGreaterThan(3);
  expect(bytes).toEqual(render(device, 'device').bytes);
});

test.each(samples)(
  '%s %s: no password in what people see or a bootstrap holds',
  async (vendor, model) => {
    const secrets = ['s3cr3t', 'Adm1n', 'us3r-pass', 'ldap-pass', 'device-token', '4711'];
    for (const [stage, file] of renderAll(catalogue.require(vendor), createDevice(vendor, model))) {
      const shown = file.lines.map((line) => line.shown).join('\n');
      const visible = stage === 'bootstrap' ? `${shown}\n${textOf(file)}` : shown;
      expect(secrets.filter((secret) => visible.includes(secret))).toEqual([]);
      expect(await file.writeShown()).toBe(shown);
      expect(file.isSecret).toBe(file.lines.some((line) => line.isSecret));
    }
  },
);

/** What users and administrators type, and what must not matter. */
const hostileText = fc
  .array(
    fc.constantFrom(
      ...[
        '\n',
        '\r',
        '\0',
        '\u2028',
        '\u0085',
        '"',
        "'",
        '<',
        '>',
        '&',
        ']]>',
        '=',
        ':',
        '{{',
        '#',
      ],
      ...['%NULL%', '\\', '$', 'a', 'ß', '文', '🙂', '-->', '\uD800', ' '],
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

test.each(samples)('%s %s: no text adds a line or ends its own place', (vendorId, model) => {
  const vendor = catalogue.require(vendorId);
  const plain = createDevice(vendorId, model);
  const withText = (text: string) => ({
    ...plain,
    lines: plain.lines.map((line): DeviceLine => ({
      ...line,
      displayName: text,
      label: text,
      password: new Secret(text),
    })),
    keys: plain.keys.map((key) => ({ ...key, label: text })),
    settings: { ...plain.settings, 'security.adminPassword': new Secret(text) },
  });
  const renderWith = (text: string) => renderAll(vendor, withText(text)).map(([, file]) => file);
  const expected = renderWith('x');
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const [index, file] of renderWith(`x${text}`).entries()) {
        expect(file.lines).toHaveLength(expected[index]?.lines.length ?? -1);
        expect(textOf(file).split(/\r?\n/)).toHaveLength(file.lines.length + 1);
        expect(textOf(file)).not.toMatch(/[\u0000-\u0008\u0085\u2028\u2029]/);
        if (file.contentType.includes('xml')) {
          expect(tagsOf(file)).toEqual(tagsOf(expected[index]));
        }
      }
    }),
    { numRuns: 40 },
  );
});

function tagsOf(file: RenderedFile | undefined): readonly string[] {
  return file === undefined ? [] : (textOf(file).match(/<[^A-Za-z]?[A-Za-z][\w.-]*/g) ?? []);
}

test('aastra: what holds a # stands between quotation marks, as it would begin a remark', () => {
  const plain = createDevice('aastra', '57i');
  const lines = plain.lines.map((line): DeviceLine => ({
    ...line,
    password: new Secret('a#"b'),
    displayName: 'No remark',
  }));
  const text = textOf(render({ ...plain, lines }, 'device'));
  expect(text).toContain('sip line1 password: "a#b"\n');
  expect(text).toContain('sip line1 display name: No remark\n');
});

test('more lines, keys and handsets than a model has are left out', () => {
  const [first] = createDevice('yealink', 'T53W').lines;
  const lines = Array.from({ length: 40 }, () => first).flatMap((line) => line ?? []);
  const device = createDevice('yealink', 'T53W', {
    lines,
    keys: [{ area: 'line', index: 900, kind: 'blf', value: '201' }],
  });
  const text = textOf(render(device, 'device'));
  expect(text).toContain('account.12.enable = 1');
  expect(text).not.toContain('account.13.');
  expect(text).not.toContain('linekey.900');
});

test('old firmware gets the parameters that it knows', () => {
  const settings = { 'sip.srtp': 'optional' } as const;
  const current = textOf(render(createDevice('yealink', 'T46S', { settings }), 'device'));
  const old = textOf(
    render(createDevice('yealink', 'T46S', { settings, firmware: '66.80.0.15' }), 'device'),
  );
  expect(old).not.toBe(current);
});

test('a model or file that does not exist is named', () => {
  expect(() => render(createDevice('yealink', 'T1000'), 'device')).toThrow(
    'Yealink has no model T1000',
  );
  expect(() => render(createDevice('yealink', 'T53W'), 'wallpaper')).toThrow(
    'Yealink T53W has no file wallpaper in the stage secure',
  );
});

test.each(samples)(
  '%s %s: the bytes are those of the lines that are explained',
  (vendorId, model) => {
    const lines = createDevice(vendorId, model).lines.flatMap((line, index) => [
      { ...line, place: 2 * index + 1 },
      { ...line, place: 2 * index + 2, account: `${line.account} again` },
    ]);
    const customLines = ['account.2.label', 'account.1.nat.rport', 'new.parameter'].map((key) =>
      custom(key, 'a < b'),
    );
    for (const changes of [{ lines }, { lines, customLines }]) {
      const device = createDevice(vendorId, model, changes);
      for (const [, file] of renderAll(catalogue.require(vendorId), device)) {
        const explained = file.lines.map((line) => line.text + file.lineEnd).join('');
        expect(textOf(file)).toBe(explained);
      }
    }
  },
);

test('the same input gives the same bytes', () => {
  const device = createDevice('grandstream', 'GRP2614');
  expect(textOf(render(device, 'device'))).toBe(textOf(render(device, 'device')));
});

function mainFileOf(vendorId: string, modelId: string): string {
  const vendor = catalogue.require(vendorId);
  const files = vendor.filesOf(vendor.requireModel(modelId), 'secure');
  return files.find(({ declaration }) => declaration.isMain === true)?.declaration.id ?? '';
}

test('a file costs less than a millisecond', () => {
  const rounds = 100;
  for (const [vendor, model] of samples) {
    const device = createDevice(vendor, model);
    const mainFile = mainFileOf(vendor, model);
    for (let i = 0; i < 20; i++) {
      render(device, mainFile);
    }
    const { user, system } = process.cpuUsage();
    for (let i = 0; i < rounds; i++) {
      void render(device, mainFile).bytes;
    }
    const spent = process.cpuUsage({ user, system });
    const milliseconds = (spent.user + spent.system) / 1_000 / rounds;
    expect(milliseconds, `${vendor} ${model}`).toBeLessThan(3);
  }
});

test.each([
  [
    'yealink',
    'T53W',
    [
      'local_time.time_zone = -3:30',
      'local_time.summer_time = 1',
      'local_time.start_time = 11/1/6/0',
      'local_time.end_time = 2/4/1/23',
      'local_time.offset_time = 60',
    ],
  ],
  [
    'wp4x0',
    'WP480',
    [
      'Config.Settings.SNTP.TimeZone = -3:30',
      'Config.Settings.SNTP.DTS = 1',
      'Config.Settings.SNTP.StartTime = 11/1/6/0',
      'Config.Settings.SNTP.EndTime = 2/4/1/23',
      'Config.Settings.DATETIME.Offset = +60',
    ],
  ],
  [
    'snom',
    'D785',
    [
      '<timezone perm="R"></timezone>',
      '<utc_offset perm="R">-12600</utc_offset>',
      '<dst perm="R">3600 11.01.06 00:00:00 02.04.01 23:30:00</dst>',
    ],
  ],
  [
    'grandstream',
    'GRP2614',
    ['<item name="dateTime.timezone.custom">XYZ3:30ABC2:30,M11.1.6/0,M2.4.1/23:30</item>'],
  ],
] as const)(
  '[DEV-051] %s %s is told the offset and summer time of a zone that no database has',
  (vendor, model, expected) => {
    const settings = { 'time.zone': 'XYZ3:30ABC2:30,M11.1.6/0,M2.4.1/23:30' };
    const device = createDevice(vendor, model, { settings });
    const main = renderAll(catalogue.require(vendor), device).map(([, file]) => textOf(file));
    expect(
      main
        .join('\n')
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(expect.arrayContaining([...expected]));
  },
);

test.each([
  ['D785', 1, 1, 24],
  ['D785', 2, 3, 44],
  ['D385', 1, 1, 174],
  ['D385', 2, 3, 194],
])(
  'Snom %s: module %i, key %i has the number that the phone counts',
  (model, module, index, idx) => {
    const keys = [
      { area: 'expansion', module, index, kind: 'speedDial', value: '4711', label: 'Office' },
    ] as const;
    const files = renderAll(catalogue.require('snom'), createDevice('snom', model, { keys }));
    const text = files.map(([, file]) => textOf(file)).join('\n');
    expect(text).toContain(
      `<fkey idx="${String(idx)}" context="1" label="Office" perm="R">speed 4711`,
    );
  },
);

test("second server and outbound proxy of the settings hold for the PBX's own lines, never for an external one", () => {
  const own: DeviceLine = {
    account: 'anna',
    displayName: 'Anna',
    userName: '201',
    password: new Secret('secret-201'),
    server: { host: 'pbx.example.org' },
  };
  const external: DeviceLine = {
    ...own,
    isExternal: true,
    account: 'office@provider.example',
    server: { host: 'provider.example' },
  };
  const device = createDevice('yealink', 'T53W', {
    lines: [own, external],
    settings: { 'sip.secondServer': 'pbx2.example.org', 'sip.outboundProxy': 'sbc.example.org' },
    groups: [{ name: 'Remote', settings: { 'sip.outboundProxyPort': 5070 }, customLines: [] }],
  });
  const file = render(device, 'device');
  expect(linesOf(file, '.sip_server.2.address').slice(0, 2)).toEqual([
    'account.1.sip_server.2.address = pbx2.example.org',
    'account.2.sip_server.2.address = %NULL%',
  ]);
  expect(linesOf(file, '.outbound_proxy.1.').slice(0, 4)).toEqual([
    'account.1.outbound_proxy.1.address = sbc.example.org',
    'account.1.outbound_proxy.1.port = 5070',
    'account.2.outbound_proxy.1.address = %NULL%',
    'account.2.outbound_proxy.1.port = %NULL%',
  ]);
  expect(originsOf(file, 'account.1.sip_server.2.address')).toEqual(['device 0015650a0b0c']);
  expect(originsOf(file, 'account.1.outbound_proxy.1.port')).toEqual(['group Remote']);
});
