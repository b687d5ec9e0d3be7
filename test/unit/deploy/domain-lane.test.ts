import { describe, expect, test } from 'vitest';
import {
  type DomainLane,
  domainEveryMs,
  turnLost,
  turnOf,
} from '#shared/deploy/turns/domain-lane.ts';
import { addMs, hourMs, secondMs } from '#shared/time/clock.ts';

const now = new Date('2026-11-22T03:00:00Z');
const turnsLater = (turns: number) => addMs(now, turns * domainEveryMs);
const taken = (...waiting: string[]): DomainLane => ({ nextFreeAt: turnsLater(1), waiting });
const asked = (key: string, isUrgent = false) => ({ key, isUrgent });

describe('the turn', () => {
  test('of a free lane is now', () => {
    const turn = turnOf({ nextFreeAt: new Date(0), waiting: [] }, now, asked('a'));
    expect(turn).toEqual({ lane: taken(), waitsUntil: null });
  });

  test('comes after all who wait', () => {
    const turn = turnOf(taken('a', 'b'), now, asked('c'));
    expect(turn).toEqual({ lane: taken('a', 'b', 'c'), waitsUntil: turnsLater(3) });
  });

  test('stays where it is for who asks again', () => {
    const turn = turnOf(taken('a', 'b'), now, asked('b'));
    expect(turn).toEqual({ lane: taken('a', 'b'), waitsUntil: turnsLater(2) });
  });

  test('of a rollback is the next one', () => {
    const turn = turnOf(taken('a', 'b'), now, asked('b', true));
    expect(turn).toEqual({ lane: taken('b', 'a'), waitsUntil: turnsLater(1) });
  });

  test('is taken at its time, and the others keep theirs', () => {
    const turn = turnOf(taken('a', 'b'), turnsLater(1), asked('a'));
    expect(turn).toEqual({ lane: { nextFreeAt: turnsLater(2), waiting: ['b'] }, waitsUntil: null });
  });

  test('of one who does not come is lost to the next one', () => {
    const turn = turnOf(taken('gone', 'b', 'c'), turnsLater(2), asked('b'));
    expect(turn).toEqual({ lane: { nextFreeAt: turnsLater(3), waiting: ['c'] }, waitsUntil: null });
  });

  test('does not wait for a time that nobody can have taken', () => {
    const lane = { nextFreeAt: addMs(now, hourMs), waiting: [] };
    expect(turnOf(lane, now, asked('a')).waitsUntil).toBeNull();
  });

  test('that somebody else has used comes again before all others', () => {
    const until = addMs(now, 30 * secondMs);
    expect(turnLost(taken('b'), 'a', until)).toEqual({ nextFreeAt: until, waiting: ['a', 'b'] });
  });
});
