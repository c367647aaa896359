import { expect, test } from 'vitest';
import { HintHub } from '../../../../../system/management-plane/api/events/hint-hub.ts';
import type { UserRole } from '../../../../../system/configuration/entities/user.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

function record(hub: HintHub, role: UserRole): string[] {
  const texts: string[] = [];
  hub.add({ role, send: (text) => texts.push(text) });
  return texts;
}

test('[SEC-032] tells each role only what it may read', () => {
  const hub = new HintHub(new FakeClock());
  const administrator = record(hub, 'admin');
  const user = record(hub, 'user');

  hub.publish({ type: 'calls.changed' });
  hub.publish({ type: 'records.added' });

  expect(administrator).toEqual(['{"type":"calls.changed"}', '{"type":"records.added"}']);
  expect(user).toEqual(['{"type":"records.added"}']);
});

test('sends the first hint at once and gathers what follows within half a second', () => {
  const clock = new FakeClock();
  const hub = new HintHub(clock);
  const texts = record(hub, 'admin');

  for (let count = 0; count < 1_000; count += 1) {
    hub.publish({ type: 'registrations.changed' });
  }
  expect(texts).toHaveLength(1);

  clock.advance(500);
  expect(texts).toHaveLength(2);
  clock.advance(10_000);
  expect(texts).toHaveLength(2);

  hub.publish({ type: 'registrations.changed' });
  expect(texts).toHaveLength(3);
});

test('keeps the latest of gathered hints', () => {
  const clock = new FakeClock();
  const hub = new HintHub(clock);
  const texts = record(hub, 'admin');

  hub.publish({ type: 'revision.activated', revision: 1 });
  hub.publish({ type: 'revision.activated', revision: 2 });
  hub.publish({ type: 'revision.activated', revision: 3 });
  clock.advance(500);

  expect(texts.at(-1)).toBe('{"type":"revision.activated","revision":3}');
});
