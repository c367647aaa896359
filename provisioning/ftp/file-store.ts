/**
 * Where the files are that FTP gives and takes. Whoever implements it decides what a name means and who
 * may have it; paths are absolute and cannot leave the root. What may not be had looks like what does
 * not exist.
 */
import type { Readable } from 'node:stream';
import type { FtpEntry } from './listing.ts';

export interface FtpClient {
  readonly address: string;
  readonly port: number;
  /** Our address that was reached. */
  readonly localAddress: string;
}

export interface FtpContent {
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** From the byte `offset` on, at most `sizeBytes`. */
  read(offset: number): Readable;
}

/** A place for one file of a client. */
export interface FtpUpload {
  /** Longer files are refused. */
  readonly maximumBytes: number;
  /** Resolves once it is on the disk, `false` when it has become too long by appending. */
  finish(content: Buffer): Promise<boolean>;
}

/** `busy`: later. `refused`: never, or not for this client. */
export type UploadRefusal = 'busy' | 'refused';

export interface FtpFileStore {
  /** `isInquiry`: only size and time are asked for. */
  find(path: string, client: FtpClient, isInquiry: boolean): Promise<FtpContent | undefined>;
  isFolder(path: string): boolean;
  list(path: string, client: FtpClient): Promise<readonly FtpEntry[]>;
  prepareUpload(
    path: string,
    client: FtpClient,
    isAppended: boolean,
  ): Promise<FtpUpload | UploadRefusal>;
  delete(path: string, client: FtpClient): Promise<boolean>;
  makeFolder(path: string): boolean;
  removeFolder(path: string): boolean;
}
