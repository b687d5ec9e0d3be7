import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { configYaml, shopProblems } from '#test/support/config-yaml.ts';

/** The same bytes in every run, so that a failure can be repeated. */
function bytes(seed: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, n) =>
    createHash('sha256').update(`${seed}/${n}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function readsAsProblems(text: string): void {
  const reading = parseConfig(text);
  if (reading.ok) return;
  expect(reading.problems.length).toBeGreaterThan(0);
  const shown = renderProblems(reading.problems, 'certkeep.yaml');
  expect(shown).not.toMatch(/\n\s+at .*:\d+:\d+/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
}

test('random bytes are problems, never an exception', () => {
  for (let n = 0; n < 300; n++) readsAsProblems(bytes(`random ${n}`, 1 + n * 3).toString('utf8'));
});

test('random YAML-like text is problems, never an exception', () => {
  const pieces = [
    'home',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '*a',
    '&a ',
    '"',
    "'",
    '|\n',
    '>',
    '#',
    '? ',
    '<<',
    '!x ',
    '%',
    '---\n',
    '...',
    '~',
    'names',
    'certificates',
    'type',
    'alb',
    '1.5',
    '\t',
  ];
  for (let n = 0; n < 500; n++) {
    const text = [...bytes(`pieces ${n}`, 40)].map((byte) => pieces[byte % pieces.length]).join('');
    readsAsProblems(text);
  }
});

test('a healthy file with one byte changed is read or refused, never an exception', () => {
  const healthy = Buffer.from(configYaml());
  const noise = bytes('flips', 600);
  for (let n = 0; n < 300; n++) {
    const text = Buffer.from(healthy);
    text[((noise[2 * n] ?? 0) * 7) % text.length] = noise[2 * n + 1] ?? 0;
    readsAsProblems(text.toString('utf8'));
  }
});

test.each([
  ['colours', '\u001b[31mred.example.com'],
  ['a text direction', 'a\u202emoc.example.com'],
  ['a line end', 'a\nfix: none.example.com'],
])('%s in a value does not reach the terminal', (_, value) => {
  const [problem] = shopProblems({ names: `[${JSON.stringify(value)}]` });
  expect(problem?.value).toMatch(/\\u\{[0-9a-f]+\}/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  expect(problem?.value).not.toMatch(/[\u0000-\u001f\u202e]/);
});

test('long values are shortened', () => {
  const [problem] = shopProblems({ names: `["${'x'.repeat(1_000_000)}"]` });
  expect(problem?.value.length).toBeLessThan(100);
});

test('values that are whole blocks are not printed', () => {
  const [problem] = shopProblems({ issuer: '{a: {b: [1, 2]}}' });
  expect(problem).toMatchObject({
    value: '(a block of keys)',
    message: expect.stringContaining('neither'),
  });
});
