/** A UDP socket of either address family that listens, or a rejection with why not. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { lookUpLiteral } from './literal-lookup.ts';

/** Port 0: any. `::` leaves IPv4 to another socket. Rejects with the error of the system; nothing stays open then. */
export async function bindUdpSocket(
  address: string,
  port: number,
  receiveBufferBytes: number,
): Promise<Socket> {
  const type = isIPv6(address) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, ipv6Only: type === 'udp6', lookup: lookUpLiteral });
  try {
    const listening = once(socket, 'listening');
    socket.bind({ address, port, exclusive: true });
    await listening;
    socket.setRecvBufferSize(receiveBufferBytes);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
