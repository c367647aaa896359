/** RTP packets (RFC 3550 §5.1) for tests: made, and taken apart. */

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

const headerBytes = 12;

export function createRtpPacket(packet: Partial<RtpPacket> = {}): Buffer {
  const payload = packet.payload ?? Buffer.alloc(160, 0xff);
  const bytes = Buffer.alloc(headerBytes + payload.length);
  bytes[0] = 0x80;
  bytes[1] = (packet.marker === true ? 0x80 : 0) | (packet.payloadType ?? 0);
  bytes.writeUInt16BE((packet.sequence ?? 0) & 0xffff, 2);
  bytes.writeUInt32BE((packet.timestamp ?? 0) >>> 0, 4);
  bytes.writeUInt32BE((packet.ssrc ?? 1) >>> 0, 8);
  payload.copy(bytes, headerBytes);
  return bytes;
}

export function parseRtpPacket(bytes: Buffer): RtpPacket {
  return {
    payloadType: bytes.readUInt8(1) & 0x7f,
    marker: bytes.readUInt8(1) >= 0x80,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(headerBytes),
  };
}
