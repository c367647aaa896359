import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTls, createServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CertificateChains } from '../../../../system/call-plane/net/tls-security.ts';
import type { SipNetworkOptions } from '../../../../system/call-plane/net/sip-network.ts';
import { CertificateMaker } from '../../../support/programs/certificate-maker.ts';
import {
  closing,
  createText,
  openTcp,
  Recorder,
  requireFlow,
  startNetwork,
  until,
} from '../../../support/call-plane/sip-sockets.ts';

const maker = new CertificateMaker();
let first: CertificateChains;
let second: CertificateChains;

function makeChains(name: string): CertificateChains {
  const { keyFile, certificate } = maker.authority(`/CN=${name}`);
  return { keys: [readFileSync(keyFile, 'utf8')], certificates: [certificate] };
}

beforeAll(() => {
  first = makeChains('first');
  second = makeChains('second');
});
afterAll(() => {
  maker.remove();
});

async function startTls(recorder: Recorder, options: Partial<SipNetworkOptions> = {}) {
  const listen = [{ protocol: 'tls' as const, address: '127.0.0.1', port: 0 }];
  const started = await startNetwork(recorder, { listen, ...options });
  return { ...started, port: started.portOf('tls') };
}

async function openTls(port: number): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

describe('TLS', () => {
  it('[SIP-025] carries requests, and their answers over the same connection', async () => {
    const recorder = new Recorder();
    const { network, port } = await startTls(recorder);
    network.useCertificates(first);
    const phone = await openTls(port);
    phone.write(createText('one', 'SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1'));
    await until(() => recorder.messages.length === 1);
    const flow = requireFlow(recorder.messages[0]?.flow);
    expect(flow).toMatchObject({
      protocol: 'tls',
      localPort: port,
      remotePort: phone.localPort,
    });
    network.send(Buffer.from('SIP/2.0 200 OK\r\n\r\n'), flow);
    const [answer] = (await once(phone, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^SIP\/2\.0 200/);
    expect(network.connectionCount).toBe(1);
  });

  it('opens a connection to a phone that is reached by TLS', async () => {
    const texts: string[] = [];
    const server = createServer({ key: second.keys, cert: second.certificates }, (socket) => {
      socket.on('data', (data: Buffer) => void texts.push(data.toString()));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const { network } = await startTls(new Recorder());
    const peerPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const flow = requireFlow(network.flowTo('tls', '127.0.0.1', peerPort));
    network.send(Buffer.from(createText('one')), flow);
    await until(() => texts.join('').includes('Call-ID: one'));
  });

  it('turns phones away until it has a certificate, and shows a new one from then on', async () => {
    const { network, port } = await startTls(new Recorder());
    const early = await openTcp(port);
    await closing(early);
    network.useCertificates(first);
    const before = await openTls(port);
    expect(before.getPeerCertificate().subject.CN).toBe('first');
    network.useCertificates(second);
    const after = await openTls(port);
    expect(after.getPeerCertificate().subject.CN).toBe('second');
    expect(before.destroyed).toBe(false);
  });

  it('closes what speaks no TLS, and takes no message of it', async () => {
    const recorder = new Recorder();
    const { network, port } = await startTls(recorder);
    network.useCertificates(first);
    const stranger = await openTcp(port);
    stranger.write(createText('clear'));
    await closing(stranger);
    expect(recorder.messages).toEqual([]);
    const phone = await openTls(port);
    phone.write(createText('secret'));
    await until(() => recorder.callIds.length === 1);
    expect(recorder.callIds).toEqual(['secret']);
  });

  it('counts handshakes that never end among the connections of an address', async () => {
    const { network, port } = await startTls(new Recorder(), {
      tcpLimits: { connectionsPerAddress: 2 },
    });
    network.useCertificates(first);
    const silent = [await openTcp(port), await openTcp(port)];
    const third = await openTcp(port);
    await closing(third);
    silent.forEach((socket) => socket.destroy());
    await until(() => network.connectionCount === 0);
    const phone = await openTls(port);
    expect(phone.encrypted).toBe(true);
  });

  it('refuses TLS 1.1, as openssl tells', async () => {
    const { network, port } = await startTls(new Recorder());
    network.useCertificates(first);
    const shake = (version: string): Promise<{ stdout: string }> =>
      promisify(execFile)('sh', [
        '-c',
        `openssl s_client -connect 127.0.0.1:${String(port)} ${version} -cipher DEFAULT@SECLEVEL=0 < /dev/null`,
      ]);
    await expect(shake('-tls1_1')).rejects.toThrow();
    expect((await shake('-tls1_2')).stdout).toMatch(/Protocol *: TLSv1\.2/);
  });
});
