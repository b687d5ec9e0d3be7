import { afterAll, describe, expect, test } from 'vitest';
import { masked } from './first-hour/masks.ts';
import { pageText, stepsOf } from './first-hour/page.ts';
import { hasTerminal, newcomer } from './first-hour/play.ts';
import { screenText } from './first-hour/screen.ts';

const longestMs = 180_000;
const steps = stepsOf(pageText());

test('the page leads from a cloud without certkeep to a certificate that is served', () => {
  const words = steps.map(({ command }) =>
    /^npx certkeep (\w+)|^npm start -- --(\w+)|^\w+/.exec(command),
  );
  expect(words.map((found) => found?.[1] ?? found?.[2] ?? found?.[0])).toEqual([
    ...['bare', 'init', 'validate', 'doctor', 'keep'],
    ...['status', 'show', 'openssl', 'plan', 'renew', 'history'],
  ]);
});

test('lines that were drawn anew are read as they were last', () => {
  const up = '\u001b[1A\u001b[2K';
  expect(screenText(`look\r\n- 1 s\r\n${up}| 2 s\r\n${up}done\r\n`)).toBe('look\ndone\n');
  expect(screenText('\u001b[1G\u001b[0JGo on? \u001b[8Gy')).toBe('Go on? y');
});

test('only what changes by itself is masked', () => {
  const [line = ''] = masked('well   shop  12 d  31 Jan  www-alb:20597  served until 2027-03-02');
  expect(line).toBe('well shop DAYS DAY www-alb:PORT served until DATE');
  expect(masked('nobody renews it')).not.toEqual(masked('certkeep renews it'));
});

describe.skipIf(!hasTerminal)('the first hour, in a terminal of 80 columns', () => {
  const { leave, type } = newcomer();
  afterAll(leave, longestMs);

  // Each step needs what the ones before have done.
  test.each(steps)('$command', { timeout: longestMs }, async ({ command, printed }) => {
    const shown = await type(command);
    expect(masked(shown.printed)).toEqual(masked(printed));
  });
});
