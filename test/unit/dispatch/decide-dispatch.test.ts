import { describe, expect, test } from 'vitest';
import { decideDispatch, withSent } from '#shared/check/dispatch/decide-dispatch.ts';
import { type Piece, pieceKey } from '#shared/check/dispatch/piece.ts';
import type { SentBook, SentEntry } from '#shared/check/dispatch/sent-book.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { inDays, now } from '#test/support/healthy.ts';

const alone = { issue: 1, deploy: 1, verify: 1 };
const capacity = {
  seconds: { issue: 100, deploy: 100, verify: 100 },
  atOnce: alone,
  executions: alone,
};

const nothing: SentBook = { sent: {}, regions: {} };

function pieceOf(certificate: string, change: Partial<Piece> = {}): Piece {
  return {
    work: { kind: 'issue', certificate },
    why: 'new',
    urgency: 'routine',
    seconds: 45,
    endsAt: null,
    isHeld: false,
    lookedAt: null,
    handedOverAt: null,
    ...change,
  };
}

function sentBefore(minutes: number, change: Partial<SentEntry> = {}): SentBook {
  const at = addMs(now, -minutes * minuteMs).toISOString();
  const entry = { at, urgency: 'routine' as const, seconds: 45, isStarted: false, ...change };
  return { sent: { 'issue:shop': entry }, regions: {} };
}

function decided(pieces: readonly Piece[], book: SentBook = nothing, isWhole = true) {
  const { starts, sends, waits, done } = decideDispatch(pieces, book, {
    now,
    capacity,
    isWhole,
    isAsked: !isWhole,
  });
  return {
    starts: starts.map(pieceKey),
    sends: sends.map(pieceKey),
    waits: [...waits.keys()],
    done,
  };
}

const ago = (minutes: number) => addMs(now, -minutes * minuteMs);

describe('work that was sent', () => {
  test.each<[string, Partial<Piece>, SentBook, boolean]>([
    ['for the first time is sent', {}, nothing, true],
    ['ten minutes ago and not looked at is not sent again', {}, sentBefore(10), false],
    [
      'before a run looked at it and left it due is sent again',
      { lookedAt: ago(5) },
      sentBefore(10),
      true,
    ],
    [
      'after the last run looked at it is not sent again',
      { lookedAt: ago(15) },
      sentBefore(10),
      false,
    ],
    ['longer ago than a queue can take is sent again', {}, sentBefore(40), true],
    ['as routine is sent again once it is urgent', { urgency: 'soon' }, sentBefore(10), true],
    [
      'as urgent is not sent again for being less so',
      {},
      sentBefore(10, { urgency: 'soon' }),
      false,
    ],
    ['beside its queue is lost sooner', {}, sentBefore(15, { isStarted: true }), true],
    ['is not sent while a run is at it', { isHeld: true }, nothing, false],
    ['by the stage before is not sent', { handedOverAt: ago(4) }, nothing, false],
    ['by the stage before, 39 minutes ago, is not sent', { handedOverAt: ago(39) }, nothing, false],
    ['by the stage before, 40 minutes ago, is sent', { handedOverAt: ago(40) }, nothing, true],
    [
      'by the stage before, five minutes ago, is sent where somebody waits for it',
      { handedOverAt: ago(5), urgency: 'wanted' },
      nothing,
      true,
    ],
    [
      'by the stage before and looked at is sent',
      { handedOverAt: ago(4), lookedAt: ago(3) },
      nothing,
      true,
    ],
  ])('%s', (_, change, book, isSent) => {
    const { sends, waits } = decided([pieceOf('shop', change)], book);
    expect([sends, waits]).toEqual(isSent ? [['issue:shop'], []] : [[], ['issue:shop']]);
  });
});

describe('what is outstanding', () => {
  test('is as much as can be done, the most urgent first, then what is quick, then what ends first', () => {
    const { sends, waits } = decided([
      pieceOf('late', { endsAt: '2027-02-01T00:00:00Z' }),
      pieceOf('early', { endsAt: '2027-01-01T00:00:00Z' }),
      pieceOf('soon', { urgency: 'soon' }),
      pieceOf('look', { seconds: 1 }),
    ]);
    expect(sends).toEqual(['issue:soon', 'issue:look', 'issue:early', 'issue:late']);
    expect(waits).toEqual([]);
    const more = decided(['a', 'b', 'c', 'd'].map((id) => pieceOf(id)));
    expect([more.sends, more.waits]).toEqual([['issue:a', 'issue:b', 'issue:c'], ['issue:d']]);
  });

  test('counts what was sent before, and what a run is at', () => {
    const held = pieceOf('held', { isHeld: true });
    const { sends } = decided([pieceOf('shop'), held, pieceOf('a'), pieceOf('b')], sentBefore(10));
    expect(sends).toEqual(['issue:a']);
  });

  test('counts that of others, where only some certificates are looked at', () => {
    const others = {
      ...nothing,
      sent: { 'issue:x': { ...sentBefore(1).sent['issue:shop'], seconds: 99 } },
    };
    const { sends, done } = decided([pieceOf('a'), pieceOf('b')], others as SentBook, false);
    expect([sends, done]).toEqual([['issue:a'], []]);
  });

  test('is counted for each kind by itself', () => {
    const deploy = { kind: 'deploy', certificate: 'a', place: 'p' } as const;
    const full = ['a', 'b', 'c', 'd'].map((id) => pieceOf(id));
    expect(decided([...full, pieceOf('a', { work: deploy })]).sends).toContain('deploy:a:p');
  });
});

describe('urgent work', () => {
  const urgent = (id: string, change: Partial<Piece> = {}) =>
    pieceOf(id, { urgency: 'urgent', ...change });

  test('starts its function, at most two at once; what is beyond them goes first into the queue', () => {
    const pieces = ['a', 'b', 'c'].map((id) => urgent(id));
    const { starts, sends } = decided([pieceOf('routine'), ...pieces]);
    expect(starts).toEqual(['issue:a', 'issue:b']);
    expect(sends).toEqual(['issue:c', 'issue:routine']);
  });

  test('that went into the queue is started by the next check, if no run has looked at it by then', () => {
    const book = sentBefore(10, { urgency: 'urgent' });
    expect(decided([urgent('shop')], book).starts).toEqual(['issue:shop']);
    expect(decided([urgent('shop', { isHeld: true })], book).starts).toEqual([]);
    const others = ['a', 'b'].map((id) => urgent(id));
    expect(decided([urgent('shop'), ...others], book)).toMatchObject({
      starts: ['issue:a', 'issue:b'],
      waits: ['issue:shop'],
    });
  });

  test('is started beside a run of something else that holds the lease', () => {
    const { starts } = decided([urgent('shop', { isHeld: true })]);
    expect(starts).toEqual(['issue:shop']);
  });

  test('that was started and is not over counts among the two', () => {
    const book = sentBefore(5, { isStarted: true, urgency: 'urgent' });
    const { starts } = decided([urgent('shop'), ...['a', 'b'].map((id) => urgent(id))], book);
    expect(starts).toEqual(['issue:a']);
  });

  test('is started though it was sent as routine before', () => {
    expect(decided([urgent('shop')], sentBefore(5)).starts).toEqual(['issue:shop']);
  });
});

test.each<[string, Partial<Piece>, SentBook]>([
  ['a stage before whose clock was wrong', { handedOverAt: inDays(3650) }, nothing],
  ['an entry of the future', {}, sentBefore(-60 * 24 * 3650)],
])('%s does not keep work back for years', (_, change, book) => {
  expect(decided([pieceOf('shop', change)], book).sends).toEqual(['issue:shop']);
});

describe('the book', () => {
  const book = sentBefore(10);

  test('forgets what nobody asks for any more, where all certificates were looked at', () => {
    expect(decided([]).done).toEqual([]);
    expect(decided([], book).done).toEqual(['issue:shop']);
    expect(decided([], book, false).done).toEqual([]);
    expect(withSent(book, book, ['issue:shop'], [], now)).toEqual(nothing);
  });

  test('keeps what another check has sent meanwhile', () => {
    const theirs = sentBefore(0);
    expect(withSent(theirs, book, ['issue:shop'], [], now)).toBe(theirs);
    const mine = [{ piece: pieceOf('blog'), isStarted: false }];
    expect(Object.keys(withSent(theirs, book, [], mine, now).sent)).toEqual([
      'issue:shop',
      'issue:blog',
    ]);
  });

  test('is not written where nothing has changed', () => {
    expect(withSent(book, book, [], [], now)).toBe(book);
  });
});
