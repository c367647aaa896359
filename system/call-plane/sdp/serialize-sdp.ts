/** Session description → body (RFC 4566 §5), in the order the grammar asks for. */
import type {
  SdpAttribute,
  SdpConnection,
  SdpOrigin,
  SessionDescription,
} from './session-description.ts';

export function serializeSdp(description: SessionDescription): Buffer {
  return toSdpBody(description.origin, serializeAfterOrigin(description));
}

/** A body from an o= line and what follows it; see `serializeAfterOrigin`. */
export function toSdpBody(origin: SdpOrigin, rest: string): Buffer {
  const { username, sessionId, sessionVersion, connection } = origin;
  return Buffer.from(
    `v=0\r\no=${username} ${sessionId} ${sessionVersion} ${connectionText(connection)}\r\n${rest}`,
    'latin1',
  );
}

/**
 * Everything after the o= line. Two descriptions of one session are the same session version
 * exactly when this text is the same (RFC 3264 §8).
 */
export function serializeAfterOrigin(description: SessionDescription): string {
  let text = 's=-\r\n';
  if (description.connection !== undefined) {
    text += `c=${connectionText(description.connection)}\r\n`;
  }
  for (const bandwidth of description.bandwidths) {
    text += `b=${bandwidth}\r\n`;
  }
  text += 't=0 0\r\n';
  text += attributeLines(description.attributes);
  for (const media of description.media) {
    const count = media.portCount === undefined ? '' : `/${String(media.portCount)}`;
    text += `m=${media.media} ${String(media.port)}${count} ${media.protocol} ${media.formats.join(' ')}\r\n`;
    if (media.connection !== undefined) {
      text += `c=${connectionText(media.connection)}\r\n`;
    }
    for (const bandwidth of media.bandwidths) {
      text += `b=${bandwidth}\r\n`;
    }
    text += attributeLines(media.attributes);
  }
  return text;
}

function connectionText(connection: SdpConnection): string {
  return `IN ${connection.addressType} ${connection.address}`;
}

function attributeLines(attributes: readonly SdpAttribute[]): string {
  let text = '';
  for (const { name, value } of attributes) {
    text += value === undefined ? `a=${name}\r\n` : `a=${name}:${value}\r\n`;
  }
  return text;
}
