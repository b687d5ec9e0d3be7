import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { follow } from '#cli/act/follow/follow.ts';
import { CommandFailed } from '#cli/failure.ts';
import { plainPaint } from '#cli/text/paint.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { attemptOf, healthy, now, versionOf } from '#test/support/healthy.ts';

const at = addMs(now, secondMs).toISOString();
const before = healthy();
const forced = { ...before, forced: { at, reason: 'leaked' } };
const ordering = { ...forced, attempt: attemptOf({ startedAt: at, reason: 'forced' }) };
const v2 = versionOf({ id: 'v2', serial: '0B', issuedAt: addMs(now, 3_000).toISOString() });
const issued = healthy({ desired: 'v2', versions: [versionOf(), v2] });
const acquireFailure = {
  ...{ count: 1, lastAt: at, nextAttemptAt: addMs(now, minuteMs).toISOString() },
  ...{ error: 'CaaForbids', message: 'example.com has CAA records' },
};

/** Looks as often as there is something to see; the last is seen for ever. */
async function followed(
  looks: readonly (CertificateRecord | Error)[],
  { ids = ['shop'], interruptsAfter = Infinity, isInteractive = false } = {},
) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const clock = virtualClock(now);
  let count = 0;
  const exitCode = await follow(
    ids.map((id) => ({ id, record: before, targets: 0, awaits: 'new' })),
    {
      clock,
      terminal: {
        ...{ isInteractive, paint: plainPaint, width: () => 80, height: () => 24 },
        print: (text) => void printed.push(text),
        complain: (text) => void complaints.push(text),
        interrupted: () => interrupted,
      },
      showCommand: (id) => `npx certkeep show ${id}`,
      doctorCommand: 'npx certkeep doctor',
      async read() {
        const next = looks[Math.min(count, looks.length - 1)];
        count += 1;
        if (count > interruptsAfter) interrupt();
        if (next instanceof Error || !next) throw next;
        return next;
      },
    },
  );
  return { exitCode, printed, complaints, tookMs: clock.now().getTime() - now.getTime() };
}

const stages = [
  '03:00:01  issue   shop  forced, at local',
  '03:00:03  store   shop  0B, until 2027-02-10',
  'shop: stored, and it has no targets; valid until 2027-02-10',
];

test('it looks every two seconds, tells each step once, and ends when all is served', async () => {
  expect(await followed([forced, ordering, ordering, issued])).toEqual({
    ...{ exitCode: 0, printed: stages, complaints: [], tookMs: 6 * secondMs },
  });
});

test('on a terminal a line says what it waits for, and gives way to the next one', async () => {
  const clear = '\u001b[1A\u001b[2K';
  const { printed } = await followed([forced, ordering, issued], { isInteractive: true });
  expect(printed).toEqual([
    '- 0 s: shop waits for issue to begin',
    clear + stages[0],
    '\\ 2 s: shop waits for an order at local',
    clear + stages[1],
    stages[2],
  ]);
});

test('a failure is told with the next command, after the others are done', async () => {
  const looks = [{ ...forced, acquireFailure }, issued];
  const { complaints, exitCode, printed } = await followed(looks, { ids: ['shop', 'blog'] });
  expect(exitCode).toBe(1);
  expect(printed).toEqual([
    '03:00:01  issue   shop  CaaForbids: example.com has CAA records',
    'shop: CaaForbids: example.com has CAA records; certkeep tries again by itself at',
    '2026-11-22 03:01 UTC',
    '03:00:03  store   blog  0B, until 2027-02-10',
    'blog: stored, and it has no targets; valid until 2027-02-10',
  ]);
  expect(complaints).toEqual(['certkeep: shop is not served\nNext: npx certkeep show shop']);
});

test('a look that fails is told once, and repeated', async () => {
  const denied = new CommandFailed('AWS cannot be reached', 'aws sts get-caller-identity');
  const { complaints, exitCode, printed } = await followed([denied, denied, ordering, issued]);
  expect({ exitCode, printed }).toEqual({ exitCode: 0, printed: stages });
  expect(complaints).toEqual([
    'certkeep: AWS cannot be reached\nNext: aws sts get-caller-identity',
  ]);
});

test('Ctrl-C ends the looking, and says that the work goes on', async () => {
  expect(await followed([forced], { interruptsAfter: 2 })).toMatchObject({
    exitCode: 1,
    complaints: [
      'certkeep: you have stopped looking; the work on shop goes on by itself\nNext: npx certkeep show shop',
    ],
  });
});

test('where nothing happens for half an hour it looks no more', async () => {
  const { complaints, exitCode, tookMs } = await followed([ordering]);
  expect(exitCode).toBe(1);
  expect(tookMs).toBe(30 * minuteMs);
  expect(complaints).toEqual([
    'certkeep: nothing has happened for 30 minutes; the work on shop goes on by itself\nNext: npx certkeep show shop',
  ]);
});

test('what others have written says only what is visible', async () => {
  const hostile = {
    ...forced,
    acquireFailure: { ...acquireFailure, message: 'x\u001b[2J\u202e\nwell' },
  };
  const { printed } = await followed([hostile]);
  expect(printed.join('').includes('\u001b')).toBe(false);
  expect(printed[0]).toContain('x\\u{1b}[2J\\u{202e}\\u{a}well');
});

test('nobody is followed where nothing begins', async () => {
  expect(await followed([issued], { ids: [] })).toMatchObject({ exitCode: 0, printed: [] });
});
