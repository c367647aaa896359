import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UserId } from '../../../../system/foundation/ids.ts';
import type { RecordQuery } from '../../../../system/management-plane/records/record-store.ts';
import {
  exportRecordsCsv,
  recordsPerExport,
} from '../../../../system/management-plane/records/records-csv.ts';
import type { CallRecord } from '../../../../system/records/call-record.ts';
import { createCallRecord, firstCallAtMs } from '../../../support/management-plane/call-records.ts';
import {
  adminActor,
  ManagementServices,
} from '../../../support/management-plane/management-services.ts';

const firstPage: RecordQuery = { sort: 'startedAt', direction: 'desc', page: 1, pageSize: 50 };

describe('record store', () => {
  let plane: ManagementServices;

  beforeEach(async () => {
    plane = await ManagementServices.open();
  });

  afterEach(async () => {
    await plane.dispose();
  });

  async function refsOf(query: Partial<RecordQuery>): Promise<string[]> {
    const { items } = await plane.services.records.list({ ...firstPage, ...query });
    return items.map((item) => item.callRef);
  }

  /** Calls `c0` … a minute after each other. */
  async function addCalls(...calls: Partial<CallRecord>[]): Promise<void> {
    await plane.services.records.add(
      calls.map((call, index) =>
        createCallRecord(`c${String(index)}`, {
          startedAtMs: firstCallAtMs + index * 60_000,
          ...call,
        }),
      ),
    );
  }

  test('[DIAG-003] keeps one record per call with its legs, quality and story', async () => {
    const record = createCallRecord('call-1');
    await plane.services.records.add([record]);
    expect(await plane.services.records.find('call-1')).toEqual(record);
    expect(await plane.services.records.find('call-2')).toBeUndefined();
    expect(await plane.services.records.list(firstPage)).toMatchObject({
      total: 1,
      items: [{ callRef: 'call-1', talkMs: 60_000, outcome: 'answered', mos: 3.9 }],
    });
  });

  test('[DIAG-003] counts the calls of each hour, answered and not', async () => {
    const at = (minutes: number): number => firstCallAtMs + minutes * 60_000;
    await addCalls(
      { startedAtMs: at(-1) },
      { startedAtMs: at(0) },
      { startedAtMs: at(59), outcome: 'busy' },
      { startedAtMs: at(59), outcome: 'cancelled' },
      { startedAtMs: at(130) },
      { startedAtMs: at(180) },
    );

    expect(await plane.services.records.countByHour(firstCallAtMs, 3)).toEqual([
      { fromMs: at(0), answered: 1, missed: 2 },
      { fromMs: at(60), answered: 0, missed: 0 },
      { fromMs: at(120), answered: 1, missed: 0 },
    ]);
  });

  test('stores a call once, however often it is told', async () => {
    const [first, second] = [createCallRecord('c1'), createCallRecord('c2')];
    expect(await plane.services.records.add([first, second, first])).toBe(2);
    expect(await plane.services.records.add([second, createCallRecord('c3')])).toBe(1);
    expect((await plane.services.records.list(firstPage)).total).toBe(3);
    const legs = await plane.databases.records.queries
      .selectFrom('call_legs')
      .selectAll()
      .execute();
    expect(legs).toHaveLength(9);
  });

  test('[DIAG-003] filters by time, party, outcome and user', async () => {
    const nobody = { userId: undefined, number: '100%', name: 'José_Núñez' };
    await addCalls(
      {},
      { outcome: 'busy', answeredAtMs: undefined },
      { caller: nobody },
      { callee: { userId: 'luigi' as UserId, number: '103', name: 'Luigi' } },
    );
    const minute = 60_000;

    expect(await refsOf({})).toEqual(['c3', 'c2', 'c1', 'c0']);
    expect(
      await refsOf({ fromMs: firstCallAtMs + minute, toMs: firstCallAtMs + 3 * minute }),
    ).toEqual(['c2', 'c1']);
    expect(await refsOf({ outcome: 'busy' })).toEqual(['c1']);
    expect(await refsOf({ party: 'jose nunez' })).toEqual(['c2']);
    expect(await refsOf({ party: 'jose_' })).toEqual(['c2']);
    expect(await refsOf({ party: '0%' })).toEqual(['c2']);
    expect(await refsOf({ party: '%' })).toEqual(['c2']);
    expect(await refsOf({ party: 'MARIO luigi' })).toEqual(['c3']);
    expect(await refsOf({ userId: 'luigi' })).toEqual(['c3']);
    expect(await refsOf({ userId: 'peach' })).toEqual(['c2', 'c1', 'c0']);
    expect(await refsOf({ party: "'; DROP TABLE call_records; --" })).toEqual([]);
  });

  test('sorts and pages', async () => {
    await addCalls(
      { endedAtMs: firstCallAtMs + 500_000 },
      { callee: { userId: undefined, number: '099', name: '' } },
      { outcome: 'busy', answeredAtMs: undefined },
    );
    expect(await refsOf({ sort: 'durationSec' })).toEqual(['c0', 'c1', 'c2']);
    expect(await refsOf({ sort: 'calleeNumber', direction: 'asc' })).toEqual(['c1', 'c0', 'c2']);
    expect(await refsOf({ sort: 'outcome', direction: 'desc' })).toEqual(['c2', 'c1', 'c0']);
    expect(await refsOf({ page: 2, pageSize: 2 })).toEqual(['c0']);
    expect(await refsOf({ page: 9, pageSize: 2 })).toEqual([]);
  });

  test('exports the newest calls piece by piece, at most 25,000, without running formulas', async () => {
    await addCalls({}, { caller: { userId: undefined, number: '+390401', name: '=1+1' } });
    const pieces: string[] = [];
    for await (const piece of exportRecordsCsv(plane.services.records, {})) {
      pieces.push(piece);
    }
    expect(pieces.join('').split('\r\n')).toEqual([
      'start,answer,end,talk_seconds,caller_number,caller_name,callee_number,callee_name,outcome,hung_up_by,sip_status,mos,reference',
      "2026-03-01T09:01:00.000Z,2026-03-01T09:01:04.000Z,2026-03-01T09:02:04.000Z,60,'+390401,'=1+1,102,Princess Peach,answered,callee,200,3.90,c1",
      '2026-03-01T09:00:00.000Z,2026-03-01T09:00:04.000Z,2026-03-01T09:01:04.000Z,60,101,Mario Rossi,102,Princess Peach,answered,callee,200,3.90,c0',
      '',
    ]);
    expect(recordsPerExport).toBe(25_000);
  });

  test('walks through calls of the same instant without losing or repeating one', async () => {
    const calls = Array.from({ length: 1_203 }, (_, index) =>
      createCallRecord(`c${String(index)}`, { startedAtMs: firstCallAtMs + (index % 2) }),
    );
    await plane.services.records.add(calls);
    const refs = new Set<string>();
    let count = 0;
    for await (const call of plane.services.records.iterate({}, 1_100)) {
      refs.add(call.callRef);
      count += 1;
    }
    expect([refs.size, count]).toEqual([1_100, 1_100]);
  });

  test('deletes what is older than it may be, with its legs', async () => {
    await addCalls({}, {}, {});
    expect(await plane.services.records.deleteBefore(firstCallAtMs + 60_000)).toBe(1);
    expect(await refsOf({})).toEqual(['c2', 'c1']);
    const legs = await plane.databases.records.queries
      .selectFrom('call_legs')
      .selectAll()
      .execute();
    expect(legs).toHaveLength(6);
  });

  test('[USR-005] erases what calls tell of a deleted user from the files, and of later calls', async () => {
    const id = await plane.addUser({ name: 'Princess Peach', extension: '102' });
    const party = { userId: id as UserId, number: '102', name: 'Princess Peach' };
    const legs = createCallRecord('c0').legs.map((leg) =>
      leg.userId === 'peach' ? { ...leg, userId: party.userId } : leg,
    );
    const { caller: mario } = createCallRecord('c0');
    await addCalls({ callee: party, legs }, { caller: party, callee: mario, legs });
    const filesHold = (text: string): boolean =>
      readdirSync(plane.directory)
        .filter((name) => name.startsWith('records.db'))
        .some((name) => readFileSync(join(plane.directory, name)).includes(text));
    expect(['Princess Peach', 'sip:peach@', '192.0.2.2:'].map(filesHold)).toEqual([
      true,
      true,
      true,
    ]);

    await plane.services.users.delete(adminActor, [id], { erasesPersonalData: true });

    expect(['Peach', 'peach', '192.0.2.2:'].map(filesHold)).toEqual([false, false, false]);
    expect(await plane.services.records.find('c0')).toMatchObject({
      caller: { number: '101', name: 'Mario Rossi' },
      callee: { number: '', name: '', userId: undefined },
      outcome: 'answered',
      legs: [{ address: 'sip:mario@campanile.local' }, { address: '' }, { address: '' }],
    });

    await plane.services.records.add([createCallRecord('late', { callee: party, legs })]);
    expect((await plane.services.records.find('late'))?.callee.name).toBe('');
  });

  test('goes on with an erasure that a crash interrupted', async () => {
    await addCalls({}, {});
    await plane.databases.records.queries
      .insertInto('erased_users')
      .values({ user_id: 'peach', at_ms: 0, is_done: 0 })
      .execute();
    const { directory } = plane;
    await plane.close();
    plane = await ManagementServices.open({ directory });
    expect((await plane.services.records.find('c1'))?.callee.name).toBe('');
  });
});
