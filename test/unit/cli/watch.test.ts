import { expect, test } from 'vitest';
import type { Seen } from '#cli/see/status/status.ts';
import { watch } from '#cli/see/status/watch.ts';
import { plainPaint } from '#cli/text/paint.ts';

const clear = '\u001b[H\u001b[2J';

/** Looks as often as there is something to see, and is interrupted after that. */
async function watched(looks: readonly (Seen | Error)[], isInteractive: boolean) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const terminal = {
    ...{ isInteractive, paint: plainPaint, width: () => 80, height: () => 5 },
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void complaints.push(text),
    interrupted: () => interrupted,
  };
  const left = [...looks];
  const look = async (): Promise<Seen> => {
    const next = left.shift();
    if (left.length === 0) interrupt();
    if (next instanceof Error || !next) throw next ?? new Error('nobody is to look again');
    return next;
  };
  const clock = { now: () => new Date(), sleep: async () => undefined };
  const exitCode = await watch(look, { clock, terminal });
  return { exitCode, printed, complaints };
}

const well: Seen = { text: 'well', exitCode: 0 };
const bad: Seen = { text: 'bad', exitCode: 1 };

test('a terminal is drawn anew with each look', async () => {
  const { exitCode, printed } = await watched([well, well, bad], true);
  expect(printed).toEqual([`${clear}well`, `${clear}well`, `${clear}bad`]);
  expect(exitCode).toBe(1);
});

test('elsewhere only what has changed is printed', async () => {
  expect((await watched([well, well, bad, bad], false)).printed).toEqual(['well', 'bad']);
});

test('what does not fit on the screen is counted', async () => {
  const long = { text: 'a\nb\nc\nd\ne', exitCode: 0 } as const;
  expect((await watched([long], true)).printed).toEqual([`${clear}a\nb\nc\n(2 more below)`]);
});

test('a look that fails is told, and the next one comes', async () => {
  const { complaints, printed } = await watched([well, new Error('throttled'), bad], false);
  expect(complaints).toEqual(['certkeep: throttled\nNext: npx certkeep --help']);
  expect(printed).toEqual(['well', 'bad']);
});

test('a first look that fails ends it', async () => {
  await expect(watched([new Error('denied')], true)).rejects.toThrow('denied');
});
