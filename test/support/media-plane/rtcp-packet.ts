/** RTCP compounds (RFC 3550 §6) for tests: made, and taken apart. */

export interface ReportBlock {
  readonly ssrc: number;
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  readonly jitterTicks: number;
  readonly lastSenderReport: number;
  readonly delaySinceLastSenderReport: number;
}

export interface SenderReport {
  readonly ssrc: number;
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly timestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
  readonly blocks: readonly ReportBlock[];
}

const senderReportType = 200;
const receiverReportType = 201;
const descriptionType = 202;
const byeType = 203;

function createPacket(type: number, count: number, body: Buffer): Buffer {
  const packet = Buffer.alloc(4 + body.length);
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(body.length / 4, 2);
  body.copy(packet, 4);
  return packet;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, n) => bytes.writeUInt32BE(value >>> 0, 4 * n));
  return bytes;
}

function createBlock(block: ReportBlock): Buffer {
  return words(
    block.ssrc,
    (block.fractionLost << 24) | (block.cumulativeLost & 0xffffff),
    block.highestSequence,
    block.jitterTicks,
    block.lastSenderReport,
    block.delaySinceLastSenderReport,
  );
}

export function createSenderReport(report: SenderReport): Buffer {
  const info = words(
    report.ssrc,
    report.ntpSeconds,
    report.ntpFraction,
    report.timestamp,
    report.packetCount,
    report.octetCount,
  );
  return createPacket(
    senderReportType,
    report.blocks.length,
    Buffer.concat([info, ...report.blocks.map(createBlock)]),
  );
}

export function createReceiverReport(ssrc: number, blocks: readonly ReportBlock[]): Buffer {
  return createPacket(
    receiverReportType,
    blocks.length,
    Buffer.concat([words(ssrc), ...blocks.map(createBlock)]),
  );
}

/** One chunk with a CNAME. */
export function createDescription(ssrc: number, name: string): Buffer {
  const item = Buffer.concat([Buffer.from([1, name.length]), Buffer.from(name)]);
  const padded = Buffer.alloc((Math.floor(item.length / 4) + 1) * 4);
  item.copy(padded);
  return createPacket(descriptionType, 1, Buffer.concat([words(ssrc), padded]));
}

export function createBye(ssrc: number): Buffer {
  return createPacket(byeType, 1, words(ssrc));
}

export interface RtcpPacket {
  readonly type: 'SR' | 'RR' | 'SDES' | 'BYE' | 'other';
  readonly ssrc: number;
  /** Of an SR. */
  readonly timestamp: number | undefined;
  /** The middle 32 bits of an SR's NTP timestamp: what a receiver answers with. */
  readonly middleOfNtp: number | undefined;
  readonly packetCount: number | undefined;
  readonly blocks: readonly ReportBlock[];
}

const typeNames = new Map<number, RtcpPacket['type']>([
  [senderReportType, 'SR'],
  [receiverReportType, 'RR'],
  [descriptionType, 'SDES'],
  [byeType, 'BYE'],
]);

export function parseCompound(bytes: Buffer): RtcpPacket[] {
  const packets: RtcpPacket[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 4 + 4 * bytes.readUInt16BE(at + 2);
    packets.push(parsePacket(bytes.subarray(at, at + length)));
    at += length;
  }
  return packets;
}

function parsePacket(packet: Buffer): RtcpPacket {
  const type = typeNames.get(packet.readUInt8(1)) ?? 'other';
  const isSenderReport = type === 'SR';
  const firstBlock = isSenderReport ? 28 : 8;
  const blockCount = isSenderReport || type === 'RR' ? packet.readUInt8(0) & 0x1f : 0;
  return {
    type,
    ssrc: packet.readUInt32BE(4),
    timestamp: isSenderReport ? packet.readUInt32BE(16) : undefined,
    middleOfNtp: isSenderReport ? packet.readUInt32BE(10) : undefined,
    packetCount: isSenderReport ? packet.readUInt32BE(20) : undefined,
    blocks: Array.from({ length: blockCount }, (_, n) =>
      parseBlock(packet.subarray(firstBlock + 24 * n)),
    ),
  };
}

function parseBlock(block: Buffer): ReportBlock {
  return {
    ssrc: block.readUInt32BE(0),
    fractionLost: block.readUInt8(4),
    cumulativeLost: block.readIntBE(5, 3),
    highestSequence: block.readUInt32BE(8),
    jitterTicks: block.readUInt32BE(12),
    lastSenderReport: block.readUInt32BE(16),
    delaySinceLastSenderReport: block.readUInt32BE(20),
  };
}
