/** Files by TFTP. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Tally } from './tally.ts';

/** RFC 1350, blocks of 512 bytes, as old phones do it. */
export async function fetchByTftp(
  { server, tally }: { readonly server: string; readonly tally: Tally },
  path: string,
  localAddress: string,
): Promise<Buffer> {
  const socket = createSocket('udp4');
  socket.bind(0, localAddress);
  await once(socket, 'listening');
  try {
    const blocks: Buffer[] = [];
    let packet = Buffer.from(`\0\u0001${path}\0octet\0`, 'latin1');
    let port = 69;
    for (let number = 1; ; number += 1) {
      const { promise, resolve } = Promise.withResolvers<Buffer>();
      const hear = (datagram: Buffer, remote: { readonly port: number }): void => {
        if (datagram.readUInt16BE(0) === 5 || datagram.readUInt16BE(2) === (number & 0xffff)) {
          port = remote.port;
          resolve(datagram);
        }
      };
      socket.on('message', hear);
      const send = (): void => {
        socket.send(packet, port, server);
      };
      const datagram = await tally.askAgain(
        `TFTP ${path}`,
        send,
        promise,
        [3_000, 5_000, 5_000, 5_000, 10_000],
      );
      socket.off('message', hear);
      if (datagram.readUInt16BE(0) === 5) {
        throw new Error(`TFTP ${path}: ${datagram.toString('latin1', 4)}`);
      }
      blocks.push(datagram.subarray(4));
      packet = Buffer.from([0, 4, (number >> 8) & 0xff, number & 0xff]);
      if (datagram.length < 516) {
        socket.send(packet, port, server, () => {
          socket.close();
        });
        return Buffer.concat(blocks);
      }
    }
  } catch (error) {
    socket.close();
    throw error;
  }
}
