import { expect, test } from 'vitest';
import { uncoveredNames } from '#shared/deploy/choice/covered-names.ts';
import { serverNames } from '#shared/deploy/probe/ask.ts';
import type { ProbeAnswer } from '#shared/deploy/probe/probe.ts';
import { serialOf } from '#shared/deploy/probe/serial.ts';
import { type Evidence, judge } from '#shared/deploy/verify/look/judge.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

const now = new Date('2026-11-22T03:00:00Z');
const past = new Date('2026-11-22T02:00:00Z');
const future = new Date('2026-11-22T04:00:00Z');

function known(serial: string) {
  return { serial, fingerprintSha256: paperFingerprint(serial) };
}

function answer(serial: string, servername = 'a.example.com', address = '192.0.2.1'): ProbeAnswer {
  const outcome = 'answered' as const;
  return { address, servername, outcome, ...known(serial), names: [], notAfter: future };
}

/** Of a certificate that is valid for so many days more. */
function lasting(serial: string, days: number): ProbeAnswer {
  return { ...answer(serial), notAfter: addMs(now, days * dayMs) } as ProbeAnswer;
}

const strange = 'ee'.repeat(32);

/** Somebody's certificate with that serial. */
function lookAlike(serial: string, servername = 'a.example.com'): ProbeAnswer {
  return { ...answer(serial, servername), fingerprintSha256: strange } as ProbeAnswer;
}

const silent: ProbeAnswer = {
  address: '192.0.2.2',
  servername: 'a.example.com',
  outcome: 'silent',
  detail: 'ECONNREFUSED',
};

const noNeighbours = { certificates: new Map<string, string>(), unread: [] };
const unreadNeighbour = { certificates: new Map<string, string>(), unread: ['b'] };

/** 02 is expected, 01 was there before, and the nodes have had their time. */
function evidence(change: Partial<Evidence>): Evidence {
  return {
    answers: [answer('02')],
    expected: known('02'),
    previous: known('01'),
    neighbours: noNeighbours,
    workedBefore: true,
    settledAt: past,
    laggingUntil: past,
    now,
    ...change,
  };
}

const cases: Record<string, [Partial<Evidence>, string]> = {
  'a strange one, beside a certificate of ours whose record cannot be read': [
    { answers: [answer('02'), answer('09')], neighbours: unreadNeighbour },
    'unknown',
  ],
  'the previous one, whatever cannot be read': [
    { answers: [answer('01')], neighbours: unreadNeighbour },
    'contradicted',
  ],
  'all addresses serve it': [{ answers: [answer('02'), answer('02', 'a', '::1')] }, 'proven'],
  'a stranger with the serial of ours': [{ answers: [lookAlike('02')] }, 'contradicted'],
  'a stranger with the serial of ours, beside ours': [
    { answers: [answer('02'), lookAlike('02')] },
    'contradicted',
  ],
  'a stranger with the serial of what was there, valid for days, while nodes may lag': [
    {
      answers: [{ ...lasting('01', 4), fingerprintSha256: strange } as ProbeAnswer],
      laggingUntil: future,
    },
    'contradicted',
  ],
  'the previous one, of which a record of before knows the serial alone': [
    {
      answers: [lasting('01', 4)],
      previous: { serial: '01', fingerprintSha256: null },
      laggingUntil: future,
    },
    'spreading',
  ],
  'a stranger with the serial of another certificate of the configuration': [
    {
      answers: [answer('02'), lookAlike('09', 'b.example.com')],
      neighbours: { certificates: new Map([[paperFingerprint('09'), 'b']]), unread: [] },
    },
    'contradicted',
  ],
  'nothing was asked': [{ answers: [] }, 'unknown'],
  'nobody answers': [{ answers: [silent] }, 'unknown'],
  'one address is silent': [{ answers: [answer('02'), silent] }, 'unknown'],
  'the previous one within the spread': [
    { answers: [answer('01')], settledAt: future },
    'spreading',
  ],
  'a mixture within the spread': [
    { answers: [answer('01'), answer('02')], settledAt: future },
    'spreading',
  ],
  'the previous one, valid for days, while nodes may lag': [
    { answers: [answer('02'), lasting('01', 4)], laggingUntil: future },
    'spreading',
  ],
  'the previous one, which ends soon, while nodes may lag': [
    { answers: [lasting('01', 2)], laggingUntil: future },
    'contradicted',
  ],
  'a third one, valid for days, while nodes may lag': [
    { answers: [lasting('01', 4), lasting('03', 4)], laggingUntil: future },
    'contradicted',
  ],
  'the previous one, valid for days, after nodes may lag': [
    { answers: [lasting('01', 4)] },
    'contradicted',
  ],
  'the previous one after the spread': [{ answers: [answer('01')] }, 'contradicted'],
  'a mixture of nodes after the spread': [
    { answers: [answer('02'), answer('01')] },
    'contradicted',
  ],
  'a third one after the spread': [{ answers: [answer('03')] }, 'contradicted'],
  'the previous one and silence': [{ answers: [answer('01'), silent] }, 'contradicted'],
  'another one, and the probe never worked': [
    { answers: [answer('01')], workedBefore: false },
    'unknown',
  ],
  'one name is answered by another certificate of the listener': [
    { answers: [answer('02'), answer('09', 'b.example.com')] },
    'contradicted',
  ],
  'one name is answered by another certificate of the configuration': [
    {
      answers: [answer('02'), answer('09', 'b.example.com')],
      neighbours: { certificates: new Map([[paperFingerprint('09'), 'b']]), unread: [] },
    },
    'proven',
  ],
  'one node answers with another certificate of the configuration, within the spread': [
    {
      answers: [answer('02'), answer('09')],
      neighbours: { certificates: new Map([[paperFingerprint('09'), 'b']]), unread: [] },
      laggingUntil: future,
    },
    'spreading',
  ],
  'one node goes on to answer with another certificate of the configuration': [
    {
      answers: [answer('02'), answer('09')],
      neighbours: { certificates: new Map([[paperFingerprint('09'), 'b']]), unread: [] },
    },
    'unknown',
  ],
  'another certificate of the configuration answers right after the change': [
    {
      answers: [answer('02'), answer('09', 'b.example.com')],
      neighbours: { certificates: new Map([[paperFingerprint('09'), 'b']]), unread: [] },
      settledAt: future,
    },
    'spreading',
  ],
  'every name is answered by another certificate of the configuration': [
    {
      answers: [answer('09')],
      neighbours: { certificates: new Map([[paperFingerprint('09'), 'b']]), unread: [] },
    },
    'unknown',
  ],
  'one name is still answered by the previous certificate': [
    { answers: [answer('02'), answer('01', 'b.example.com')] },
    'contradicted',
  ],
};

test.each(Object.entries(cases))('%s', (_, [change, outcome]) => {
  expect(judge(evidence(change)).outcome).toBe(outcome);
});

test('the verdict says who answered what', () => {
  const { detail, serial } = judge(evidence({ answers: [answer('02'), answer('01')] }));
  expect(serial).toBe('01');
  expect(detail).toBe('a.example.com at 192.0.2.1: still the previous certificate, serial 01');
});

test('a stranger with our serial is called one', () => {
  const { detail, fingerprintSha256 } = judge(evidence({ answers: [lookAlike('02')] }));
  expect(detail).toBe(
    'a.example.com at 192.0.2.1: not ours, although it bears our serial, serial 02',
  );
  expect(fingerprintSha256).toBe(strange);
});

test('and until when that is valid', () => {
  const { served } = judge(evidence({ answers: [answer('02'), lasting('01', 4)] }));
  const notAfter = addMs(now, 4 * dayMs);
  expect(served).toEqual({ servername: 'a.example.com', address: '192.0.2.1', notAfter });
  expect(judge(evidence({ answers: [silent] })).served).toBeNull();
});

test('wildcards are asked by a label under them', () => {
  const names = ['example.com', '*.example.com', 'a.example.com', 'a.example.com'];
  expect(serverNames(names)).toEqual([
    'example.com',
    'certkeep-probe.example.com',
    'a.example.com',
  ]);
});

const coverage: Record<string, [string[], string[], string[]]> = {
  'the same name': [['a.example.com'], ['a.example.com'], []],
  'a wildcard covers one label': [['a.example.com'], ['*.example.com'], []],
  'a wildcard does not cover two labels': [
    ['a.b.example.com'],
    ['*.example.com'],
    ['a.b.example.com'],
  ],
  'a wildcard does not cover its apex': [['example.com'], ['*.example.com'], ['example.com']],
  'only the same wildcard covers a wildcard': [
    ['*.example.com'],
    ['a.example.com'],
    ['*.example.com'],
  ],
  'upper case and a trailing dot are the same name': [['A.example.com.'], ['a.EXAMPLE.com'], []],
};

test.each(Object.entries(coverage))('%s', (_, [old, offered, lost]) => {
  expect(uncoveredNames(old, offered)).toEqual(lost);
});

test.each([
  ['0a:1b:2c', '0A1B2C'],
  ['00:f1:02', 'F102'],
  ['F102', 'F102'],
  ['01', '01'],
])('%s is the serial %s', (printed, serial) => {
  expect(serialOf(printed)).toBe(serial);
});
