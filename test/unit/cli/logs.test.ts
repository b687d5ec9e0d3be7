import { expect, test } from 'vitest';
import { linesAbout } from '#cli/see/logs/about.ts';
import { follow } from '#cli/see/logs/follow.ts';
import type { LogEvent, LogPage, ReadPage } from '#cli/see/logs/log-event.ts';
import { jsonLine, logLine } from '#cli/see/logs/page.ts';
import { readLines } from '#cli/see/logs/read-lines.ts';
import { plainPaint } from '#cli/text/paint.ts';
import { now } from '#test/support/healthy.ts';

let written = 0;

function lineOf(fields: object, { seconds = 0 } = {}): LogEvent {
  written += 1;
  const line = JSON.stringify({ level: 'INFO', message: 'order created', ...fields });
  const atMs = now.getTime() + seconds * 1_000;
  return { id: `event-${written}`, atMs, functionName: 'issue', line };
}

const shop = { certificate: 'shop', requestId: 'run-1' };

test('the lines of one certificate come in the order of their times, from whichever function', () => {
  const late = lineOf(shop, { seconds: 9 });
  const early = { ...lineOf(shop, { seconds: 3 }), functionName: 'check' as const };
  const other = lineOf({ ...shop, certificate: 'shop-de' });
  expect(linesAbout('shop', [late, other, early], new Set())).toEqual([early, late]);
});

test('a run that worked on it and failed is told, also when it fails later; another run is not', () => {
  const runs = new Set<string>();
  const first = lineOf(shop);
  const failed = lineOf({ message: 'run failed', requestId: 'run-1' }, { seconds: 5 });
  const foreign = lineOf({ message: 'run failed', requestId: 'run-2' });
  expect(linesAbout('shop', [failed, foreign, first], runs)).toEqual([first, failed]);
  expect(linesAbout('shop', [failed, foreign], runs)).toEqual([failed]);
  expect(linesAbout('shop', [failed, foreign], new Set())).toEqual([]);
});

/** Answers issue's log with these pages, and the others with none. */
function pagesOf(pages: readonly LogPage[]): ReadPage {
  return async (name, { token }) =>
    name === 'issue' ? (pages[Number(token ?? 0)] ?? { events: [], next: token }) : null;
}

const ask = { pattern: '', fromMs: 0 };

test('an empty page is not the last one while it has a token', async () => {
  const line = lineOf(shop);
  const readPage = pagesOf([
    { events: [], next: '1' },
    { events: [line], next: null },
  ]);
  expect(await readLines(readPage, ask)).toEqual({ events: [line], cut: [], isInstalled: true });
});

test('pages without an end are read for a while, and it is said whose', async () => {
  const read = await readLines(pagesOf([{ events: [], next: '1' }]), ask);
  expect(read).toEqual({ events: [], cut: ['issue'], isInstalled: true });
  const many = Array.from({ length: 5_000 }, () => lineOf(shop));
  const { cut, events } = await readLines(pagesOf([{ events: many, next: '1' }]), ask);
  expect([events.length, cut]).toEqual([5_000, ['issue']]);
});

test('where no function has a log, nothing is installed', async () => {
  expect(await readLines(async () => null, ask)).toMatchObject({ isInstalled: false });
});

test('a line is told as `npm start` tells it, at its time, and steers no terminal', () => {
  const line = lineOf({
    ...{ ...shop, level: 'WARN', message: 'retried later', stage: 'store' },
    ...{ outcome: 'KeyStoreFull', serial: '04AB', reason: 'said \u001b[2J by AWS' },
  });
  expect(logLine(line, (style, text) => `<${style}>${text}`)).toBe(
    '2026-11-22 03:00:00 UTC  store    <yellow>WARN: retried later · KeyStoreFull · 04AB · said \\u{1b}[2J by AWS',
  );
  const plain = { ...line, line: 'Runtime exited\n' };
  expect(logLine(plain, plainPaint)).toBe('2026-11-22 03:00:00 UTC  issue    Runtime exited');
});

test('as JSON a line is one line, with what the function has written', () => {
  const line = lineOf({ ...shop, reason: 'a\u001bb' });
  const json = jsonLine(line);
  expect(json).not.toContain('\u001b');
  expect(json.split('\n')).toHaveLength(1);
  expect(JSON.parse(json)).toMatchObject({
    at: now.toISOString(),
    function: 'issue',
    line: { certificate: 'shop', reason: 'a\u001bb' },
  });
});

/** Follows as long as there are looks. */
async function followed(
  looks: readonly (readonly LogEvent[] | Error)[],
  events: readonly LogEvent[],
) {
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const [shown, complaints, from]: [string[], string[], number[]] = [[], [], []];
  const left = [...looks];
  let time = now.getTime();
  const clock = {
    now: () => new Date(time),
    sleep: async (ms: number) => {
      time += ms;
    },
  };
  const look = async (fromMs: number) => {
    from.push(fromMs - now.getTime());
    const next = left.shift() ?? [];
    if (left.length === 0) interrupt();
    if (next instanceof Error) throw next;
    return next;
  };
  const terminal = {
    interrupted: () => interrupted,
    complain: (text: string) => void complaints.push(text),
  };
  const before = { events, fromMs: now.getTime() - 60_000 };
  await follow(look, ({ id }) => shown.push(id), before, { clock, terminal });
  return { shown, complaints, from };
}

test('what is new is shown once, also where it is found late; a failed look is told, and repeated', async () => {
  const [known, late, next] = [lineOf(shop), lineOf(shop), lineOf(shop, { seconds: 7 })];
  const looks = [[known], new Error('throttled'), [known, late, next], [late, next]];
  const { complaints, from, shown } = await followed(looks, [known]);
  expect(shown).toEqual([late.id, next.id]);
  expect(complaints).toEqual(['certkeep: throttled\nNext: npx certkeep --help']);
  // It looks two minutes back, but not before what was asked for.
  expect(from.slice(0, 4)).toEqual([-60_000, -60_000, -60_000, -60_000]);
});

test('after some minutes it looks two minutes back', async () => {
  const { from } = await followed(
    Array.from({ length: 40 }, () => []),
    [],
  );
  expect(from.at(39)).toBe(39 * 5_000 - 120_000);
});
