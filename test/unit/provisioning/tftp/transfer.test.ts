import { describe, expect, it } from 'vitest';

import { Transfer, type TransferStep } from '../../../../provisioning/tftp/transfer.ts';

interface TransferFields {
  readonly sizeBytes: number;
  readonly windowBlocks?: number;
  readonly timeoutSec?: number;
  readonly hasOptions?: boolean;
}

function createTransfer(fields: TransferFields): Transfer {
  const { sizeBytes, windowBlocks = 1, timeoutSec, hasOptions = false } = fields;
  const parameters = { blockBytes: 512, windowBlocks, timeoutSec };
  return new Transfer({ sizeBytes, parameters, hasOptions });
}

function blocks(first: number, last = first): TransferStep {
  return { kind: 'send-blocks', first, last };
}

const ignore: TransferStep = { kind: 'ignore' };
const done: TransferStep = { kind: 'done' };

describe('a read transfer', () => {
  it('sends one block after the other and ends with a short one (RFC 1350 §6)', () => {
    const transfer = createTransfer({ sizeBytes: 1_024 });

    const steps = [
      transfer.start(0),
      transfer.acknowledge(1, 1),
      transfer.acknowledge(2, 2),
      transfer.acknowledge(3, 3),
    ];

    expect(steps).toEqual([blocks(1), blocks(2), blocks(3), done]);
  });

  it('waits for the acknowledgement of its options before it sends data (RFC 2347 §3)', () => {
    const transfer = createTransfer({ sizeBytes: 10, hasOptions: true });

    expect(transfer.start(0)).toEqual({ kind: 'send-options' });
    expect(transfer.acknowledge(1, 1)).toEqual(ignore);
    expect(transfer.handleTimeout(1_000)).toEqual({ kind: 'send-options' });
    expect(transfer.acknowledge(0, 1_001)).toEqual(blocks(1));
  });

  it('does not answer a repeated acknowledgement (the sorcerer’s apprentice)', () => {
    const transfer = createTransfer({ sizeBytes: 5_000 });
    transfer.start(0);
    transfer.acknowledge(1, 1);

    expect(transfer.acknowledge(1, 2)).toEqual(ignore);
    expect(transfer.acknowledge(0, 2)).toEqual(ignore);
    expect(transfer.acknowledge(9, 2)).toEqual(ignore);
    expect(transfer.acknowledge(2, 3)).toEqual(blocks(3));
  });

  it('goes on from the last block in order when part of a window was lost (RFC 7440 §4)', () => {
    const transfer = createTransfer({ sizeBytes: 512 * 20, windowBlocks: 8 });

    expect(transfer.start(0)).toEqual(blocks(1, 8));
    expect(transfer.acknowledge(5, 1)).toEqual(blocks(6, 13));
    expect(transfer.acknowledge(13, 2)).toEqual(blocks(14, 21));
    expect(transfer.acknowledge(21, 3)).toEqual(done);
  });

  it('sends a window again, once, when its first block was lost', () => {
    const transfer = createTransfer({ sizeBytes: 512 * 20, windowBlocks: 4 });
    transfer.start(0);
    transfer.acknowledge(4, 1);

    expect(transfer.acknowledge(4, 2)).toEqual(blocks(5, 8));
    expect(transfer.acknowledge(4, 3)).toEqual(ignore);
    expect(transfer.acknowledge(8, 4)).toEqual(blocks(9, 12));
  });

  it('counts on when the 16 bits of the block number are used up', () => {
    const transfer = createTransfer({ sizeBytes: 512 * 70_000, windowBlocks: 64 });
    transfer.start(0);
    for (let block = 64; block <= 65_472; block += 64) {
      transfer.acknowledge(block & 0xffff, 1);
    }

    expect(transfer.acknowledge(65_536 & 0xffff, 1)).toEqual(blocks(65_537, 65_600));
    expect(transfer.acknowledge(10, 1)).toEqual(blocks(65_547, 65_610));
    expect(transfer.acknowledgedBlock).toBe(65_546);
  });

  it('gives up after five minutes, however long the client wants every try to be', () => {
    const transfer = new Transfer({
      sizeBytes: 1_000,
      parameters: { blockBytes: 512, windowBlocks: 1, timeoutSec: 255 },
      hasOptions: true,
    });
    transfer.start(0);
    expect(transfer.handleTimeout(255_000)).toEqual({ kind: 'send-options' });
    expect(transfer.handleTimeout(510_000)).toEqual({ kind: 'give-up' });
  });

  it('waits as long as round trips suggest, doubles that, and gives up after half a minute', () => {
    const transfer = createTransfer({ sizeBytes: 100_000 });
    transfer.start(0);
    const before = transfer.timeoutMs;
    transfer.acknowledge(1, 100);
    const measured = transfer.timeoutMs;
    let nowMs = 100;
    const waits: number[] = [];
    for (let step = transfer.handleTimeout(nowMs); step.kind !== 'give-up';) {
      expect(step).toEqual(blocks(2));
      waits.push(transfer.timeoutMs);
      nowMs += transfer.timeoutMs;
      step = transfer.handleTimeout(nowMs);
    }

    expect([before, measured]).toEqual([1_000, 400]);
    expect(waits).toEqual([800, 1_600, 3_200, 6_400, 8_000, 8_000, 8_000]);
    expect(nowMs).toBeGreaterThan(30_000);
  });

  it('waits exactly as long as the client wished (RFC 2349)', () => {
    const transfer = createTransfer({ sizeBytes: 5_000, timeoutSec: 7 });
    transfer.start(0);
    transfer.acknowledge(1, 10);
    transfer.handleTimeout(7_010);

    expect(transfer.timeoutMs).toBe(7_000);
  });
});
