/**
 * Where the files come from that TFTP serves. Whoever implements it decides what a name means and
 * who may have it: generated configuration and real files alike.
 */

export interface TftpClient {
  readonly address: string;
  readonly port: number;
  /** Our address that was asked, which tells the interface. */
  readonly localAddress: string;
}

/** The bytes of one file, in chunks that transfers of the same file share. */
export interface Content {
  readonly sizeBytes: number;
  /** At least 1; the last chunk may be shorter. */
  readonly chunkBytes: number;
  /** The chunk of this index, from 0; a promise where it must be read first. Not to be changed. */
  chunk(index: number): Buffer | Promise<Buffer>;
  /** Once, when the transfer has ended. */
  release(): void;
}

export interface FileSource {
  /**
   * `path` is what the client sent, unchanged: any text. Undefined: there is no such file, or not for
   * this client; both look alike to it. A rejection is answered with "server error" and logged.
   */
  open(path: string, client: TftpClient): Content | undefined | Promise<Content | undefined>;
}

/** A file that is in memory. */
export function createContent(bytes: Buffer): Content {
  return {
    sizeBytes: bytes.length,
    chunkBytes: Math.max(1, bytes.length),
    chunk: () => bytes,
    release: () => undefined,
  };
}
