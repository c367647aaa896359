/** What a vendor's data says of its firmware images: how they are recognised, given and taken back. */

export interface FirmwareFacts {
  /** Names of files as the vendor publishes them. */
  readonly names: readonly FirmwareName[];
  /** Beginnings of files, where they are known. */
  readonly headers: readonly FirmwareHeader[];
  /**
   * Models by the number or part that stands for them in names, headers and versions; a key that is
   * not here is a `product` of a model, or its spelling.
   */
  readonly hardware?: Readonly<Record<string, readonly string[]>>;
  /** Devices take an older image, too. */
  readonly canGoBack: boolean;
  /** What makes a device look for firmware: fetching its files, or restarting. */
  readonly update: 'fetch' | 'reboot';
}

export interface FirmwareName {
  /**
   * Groups: `model` (spelling), `others` (spellings with commas between), `hardware` (key of the
   * table), `version`. Linear, tested on at most 200 characters.
   */
  readonly pattern: RegExp;
  /** Ids of models, where the name stands for a series. */
  readonly models?: readonly string[];
  /** The file is asked for beside another one and updates nothing by itself. */
  readonly isPart?: true;
  /** Firmware of the handsets of a base, given over the air. */
  readonly isHandset?: true;
}

export interface FirmwareHeader {
  /** At the beginning, hexadecimal. */
  readonly magic: string;
  readonly model?: HeaderText;
  readonly version?: HeaderText;
  /** Place of a number of 32 bits, big endian: key of the table of hardware. */
  readonly hardwareOffset?: number;
}

/** ASCII up to the first zero byte. */
export interface HeaderText {
  readonly offset: number;
  readonly length: number;
  /** The group `value` of it counts; all of it when missing. */
  readonly pattern?: RegExp;
}
