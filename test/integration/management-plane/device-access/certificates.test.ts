/** Devices that show the certificate of their maker: curl with certificates that openssl made. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import {
  CertificateMaker,
  type MadeCertificate,
} from '../../../support/programs/certificate-maker.ts';
import { curl, type CurlAnswer } from '../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

const mac = '001565aabb01';
const other = '001565aabb02';
const userAgent = 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01';
const anyVersion = { 'if-match': '*' };

let maker: CertificateMaker;
let yealinkRoot: MadeCertificate;
let strangerRoot: MadeCertificate;
let plane: TestManagementPlane;
let admin: ApiClient;
let port: number;

beforeAll(() => {
  maker = new CertificateMaker();
  yealinkRoot = maker.authority('/C=CN/O=Yealink/CN=Yealink Equipment Issuing CA');
  strangerRoot = maker.authority('/O=Yealink/CN=Yealink Equipment Issuing CA');
});

afterAll(() => {
  maker.remove();
});

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(201, 'POST', '/device-authorities', { certificate: yealinkRoot.certificate });
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '100',
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac, other], lines: [user.id] });
  await admin.expect(200, 'PATCH', '/device-access', { certificatesEnabled: true }, anyVersion);
  port = ((await state())['certificatesPort'] as number | undefined) ?? 0;
});

afterEach(async () => {
  await plane.remove();
});

async function state(): Promise<Record<string, unknown>> {
  return (await admin.expect(200, 'GET', '/device-access/state')) as Record<string, unknown>;
}

/** `path` is below /prov/. */
function fetchWith(certificate: MadeCertificate | undefined, path: string): Promise<CurlAnswer> {
  const more =
    certificate === undefined
      ? []
      : ['--cert', certificate.certificateFile, '--key', certificate.keyFile];
  return curl(`https://127.0.0.1:${String(port)}/prov/${path}`, { userAgent, more });
}

describe('[DEV-038] a device certificate', () => {
  test('of a trusted maker opens the files of its own device without a token', async () => {
    const phone = maker.leaf(`/O=Yealink/CN=${mac}`, yealinkRoot);

    const answer = await fetchWith(phone, `${mac}.cfg`);

    expect(answer.status).toBe(200);
    expect(answer.body).toContain('account.1.user_name = 100');
    expect(answer.body).toMatch(/^account\.1\.password = \S{20,}$/m);
    const { items } = (await admin.expect(200, 'GET', `/devices?search=${mac}`)) as {
      items: unknown[];
    };
    expect(items).toMatchObject([{ mac, model: 'T53W' }]);
  });

  test('gives nothing of another device, and whoever tries raises an alarm', async () => {
    const phone = maker.leaf(`/O=Yealink/CN=${mac}`, yealinkRoot);
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${other}/reveal`)) as {
      provisioningUrl: string;
    };
    const token = provisioningUrl.split('/')[4] ?? '';

    expect((await fetchWith(phone, `${other}.cfg`)).status).toBe(404);
    // Not even together with the other's token: one of the two is stolen.
    expect((await fetchWith(phone, `${token}/${other}.cfg`)).status).toBe(404);

    const { certificateAlarms } = await state();
    expect(certificateAlarms).toMatchObject([{ source: '127.0.0.1', owner: mac, claimed: other }]);
    const audit = (await admin.expect(200, 'GET', '/audit?search=certificate')) as {
      items: unknown[];
    };
    expect(audit.items).toMatchObject([
      { action: 'device-certificate-misused', isSuccess: false, address: '127.0.0.1' },
    ]);
  });

  test.each([
    ['whose issuer only bears the same name', () => maker.leaf(`/CN=${mac}`, strangerRoot)],
    ['that is over', () => maker.leaf(`/CN=${mac}`, yealinkRoot, { from: -5, to: -1 })],
    ['that does not begin yet', () => maker.leaf(`/CN=${mac}`, yealinkRoot, { from: 1, to: 2 })],
    ['that signed itself', () => maker.authority(`/CN=${mac}`)],
    [
      'for servers',
      () => maker.leaf(`/CN=${mac}`, yealinkRoot, undefined, 'extendedKeyUsage=serverAuth'),
    ],
    ['without a MAC', () => maker.leaf('/O=Yealink/CN=generic', yealinkRoot)],
    ['with two names', () => maker.leaf(`/CN=${mac}/CN=${other}`, yealinkRoot)],
    ['at all', () => undefined],
  ])('%s opens nothing', async (_title, make) => {
    const answer = await fetchWith(make(), `${mac}.cfg`);
    const nothing = await fetchWith(undefined, '001565ffffff.cfg');

    expect(answer).toMatchObject({ status: 404, body: nothing.body });
    expect({ ...answer.headers, date: '' }).toEqual({ ...nothing.headers, date: '' });
  });

  test('is good no longer once its authority is taken out of the list', async () => {
    const phone = maker.leaf(`/O=Yealink/CN=${mac}`, yealinkRoot);
    expect((await fetchWith(phone, `${mac}.cfg`)).status).toBe(200);

    const { items } = (await admin.expect(200, 'GET', '/device-authorities')) as {
      items: { id: string }[];
    };
    await admin.expect(
      204,
      'DELETE',
      `/device-authorities/${items[0]?.id ?? ''}`,
      undefined,
      anyVersion,
    );

    expect((await fetchWith(phone, `${mac}.cfg`)).status).toBe(404);
  });

  test('under an authority bound to a vendor counts for addresses of that vendor only', async () => {
    const root = maker.authority('/O=Example/CN=Phones of Example');
    const added = (await admin.expect(201, 'POST', '/device-authorities', {
      certificate: root.certificate,
      vendor: 'snom',
    })) as { items: { id: string }[] };
    const phone = maker.leaf(`/CN=${mac}`, root);
    expect((await fetchWith(phone, `${mac}.cfg`)).status).toBe(404);

    const path = `/device-authorities/${added.items[0]?.id ?? ''}`;
    await admin.expect(200, 'PATCH', path, { vendor: 'yealink' }, anyVersion);

    expect((await fetchWith(phone, `${mac}.cfg`)).status).toBe(200);
  });

  test('under an intermediate authority counts once the root is in the list too', async () => {
    const root = maker.authority('/O=Poly/CN=Poly Root');
    const policy = maker.authority('/O=Poly/CN=Poly Equipment Policy CA', root);
    const incomplete = await admin.expect(201, 'POST', '/device-authorities', {
      certificate: policy.certificate,
    });
    expect(incomplete).toMatchObject({ items: [{ isComplete: false }] });
    const phone = maker.leaf('/O=Poly/CN=0004f2aabb01', policy);
    await admin.expect(201, 'POST', '/devices', { macs: ['0004f2aabb01'] });

    const more = ['--cert', phone.certificateFile, '--key', phone.keyFile];
    const url = `https://127.0.0.1:${String(port)}/prov/0004f2aabb01.cfg`;
    const agent = 'FileTransport PolycomVVX-VVX_411-UA/5.9.5.0614 Type/Application';
    expect((await curl(url, { userAgent: agent, more })).status).toBe(404);
    await admin.expect(201, 'POST', '/device-authorities', { certificate: root.certificate });

    expect((await curl(url, { userAgent: agent, more })).status).toBe(200);
  });
});

test('the port is shut at first and when it is turned off, and says why nothing can come in', async () => {
  await admin.expect(200, 'PATCH', '/device-access', { certificatesEnabled: false }, anyVersion);

  expect((await state())['certificatesPort']).toBeUndefined();
  await expect(fetchWith(undefined, `${mac}.cfg`)).rejects.toThrow();
});

test('what is no certificate of an authority is refused with the reason', async () => {
  const phone = maker.leaf(`/CN=${mac}`, yealinkRoot);

  const noAuthority = await admin.send('POST', '/device-authorities', {
    certificate: phone.certificate,
  });
  const garbage = await admin.send('POST', '/device-authorities', {
    certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  });
  const again = await admin.send('POST', '/device-authorities', {
    certificate: yealinkRoot.certificate,
  });

  expect(noAuthority).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('may not sign others') as string },
  });
  expect(garbage).toMatchObject({ status: 422 });
  expect(again).toMatchObject({ status: 409 });
});
