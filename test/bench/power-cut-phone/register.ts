/** The registration of a phone, digest included (RFC 3261 §10.2, §22). */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Tally } from './tally.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** With the account that stands in its configuration file. */
export async function register(
  { server, tally }: { readonly server: string; readonly tally: Tally },
  configuration: string,
  localAddress: string,
): Promise<void> {
  const valueOf = (name: string): string =>
    new RegExp(`^account\\.1\\.${name} = (.*)$`, 'm').exec(configuration)?.[1]?.trim() ?? '';
  const user = valueOf('user_name');
  const authName = valueOf('auth_name') || user;
  const password = valueOf('password');
  const socket = createSocket('udp4');
  socket.bind(5060, localAddress);
  await once(socket, 'listening');
  const tag = randomBytes(6).toString('hex');
  const ask = async (sequence: number, authorization: string): Promise<string> => {
    const request = [
      'REGISTER sip:campanile.local SIP/2.0',
      `Via: SIP/2.0/UDP ${localAddress}:5060;branch=z9hG4bK${tag}${String(sequence)};rport`,
      `From: <sip:${user}@campanile.local>;tag=${tag}`,
      `To: <sip:${user}@campanile.local>`,
      `Call-ID: ${tag}@${localAddress}`,
      `CSeq: ${String(sequence)} REGISTER`,
      `Contact: <sip:${user}@${localAddress}:5060>`,
      'Max-Forwards: 70',
      'Expires: 300',
      'User-Agent: Yealink SIP-T46U 108.86.0.20',
      ...(authorization === '' ? [] : [authorization]),
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const { promise, resolve } = Promise.withResolvers<string>();
    const hear = (datagram: Buffer): void => {
      const text = datagram.toString('latin1');
      if (text.includes(`CSeq: ${String(sequence)} REGISTER`)) {
        resolve(text);
      }
    };
    socket.on('message', hear);
    const send = (): void => {
      socket.send(request, 5060, server);
    };
    const answer = await tally.askAgain(
      'REGISTER',
      send,
      promise,
      [500, 1_000, 2_000, 4_000, 4_000, 4_000],
    );
    socket.off('message', hear);
    return answer;
  };
  try {
    const challenge = await ask(1, '');
    const offered = challenge.split('\r\n').find((line) => /^WWW-Authenticate:.*MD5/i.test(line));
    const read = (name: string): string =>
      new RegExp(`${name}="?([^",]+)"?`, 'i').exec(offered ?? '')?.[1] ?? '';
    const uri = 'sip:campanile.local';
    const [realm, nonce, cnonce] = [read('realm'), read('nonce'), randomBytes(8).toString('hex')];
    const ha1 = md5(`${authName}:${realm}:${password}`);
    const ha2 = md5(`REGISTER:${uri}`);
    const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
    const opaque = read('opaque');
    const answer = await ask(
      2,
      `Authorization: Digest username="${authName}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
        `response="${response}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001` +
        (opaque === '' ? '' : `, opaque="${opaque}"`),
    );
    if (!answer.startsWith('SIP/2.0 200')) {
      throw new Error(`REGISTER: ${answer.split('\r\n', 1)[0] ?? ''}`);
    }
  } finally {
    socket.close();
  }
}
