import { describe, expect, test } from 'vitest';
import { configYaml, healthyParts, parsed, problemsOf } from '#test/support/config-yaml.ts';

describe('a file that is not one YAML document of keys is refused', () => {
  test.each([
    ['an empty file', '', 'is empty'],
    ['only a comment', '# nothing\n', 'is empty'],
    ['a top-level list', '- home\n', 'does not start with keys'],
    ['a top-level text', 'hello', 'does not start with keys'],
    ['an open bracket', 'home: [', 'not valid YAML at column'],
    ['an open quote', 'home: "x', 'not valid YAML at column'],
    ['a tab', 'home:\n\taccount: x', 'indented with a tab'],
    ['a colon in a value', 'home: a: b', 'second "key:"'],
    ['a reserved character', 'home: @x', 'reserved character'],
    ['two documents', 'home: 1\n---\nhome: 2\n', 'second document'],
    ['a tag', 'home: !secret x', 'has a tag'],
    ['deep nesting', `home: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'nested too deeply'],
  ])('%s', (_, text, message) => {
    const [problem] = problemsOf(text);
    expect(problem?.message).toContain(message);
    expect(problem?.path).toBe('certkeep.yaml');
    expect(problem?.fix).not.toBe('');
  });
});

test('an error of syntax names its line', () => {
  const [problem] = problemsOf('home:\n  account: "1"\n\tregion: x\n');
  expect(problem).toMatchObject({ line: 3, value: 'region: x' });
});

test('a key written twice is refused beside what else is wrong', () => {
  const text = configYaml({ replicas: 'replicas: [mars]\nreplicas: [eu-west-1]' });
  expect(problemsOf(text)).toMatchObject([
    { path: 'replicas[0]', line: 2, message: 'is not the name of an AWS region' },
    { path: 'replicas', message: 'is written twice' },
  ]);
});

test('a wildcard without quotes is an alias in YAML, and the fix says so', () => {
  const certificates =
    'certificates: {shop: {issuer: letsencrypt, names: [example.com, *.example.com ]}}';
  expect(problemsOf(configYaml({ certificates }))).toMatchObject([
    { path: 'certificates.shop.names[1]', fix: expect.stringContaining('"*.example.com"') },
  ]);
});

test.each(['1: x', '? [a]\n: x', '? {a: b}\n: x', 'null: x', 'true: x', '__proto__: {}'])(
  'the key of %j is refused',
  (line) => {
    const messages = problemsOf(configYaml({ alerts: line })).map(({ message }) => message);
    expect(messages).toEqual(['is not usable as a key, which must be text']);
  },
);

test('an anchor used by several certificates is fine', () => {
  const shared = Array.from(
    { length: 500 },
    (_, n) => `  c${n + 1}: {names: [c${n}.example.com], issuer: letsencrypt, targets: *none}`,
  );
  const certificates = `certificates:\n  c0: {names: [example.com], issuer: letsencrypt, targets: &none []}\n${shared.join('\n')}`;
  expect(parsed(configYaml({ certificates })).config.certificates).toHaveLength(501);
});

test('aliases of aliases do not reach the memory', () => {
  const bomb = Array.from({ length: 30 }, (_, n) => {
    const items =
      n === 0
        ? 'x'
        : Array(10)
            .fill(`*a${n - 1}`)
            .join(', ');
    return `a${n}: &a${n} [${items}]`;
  });
  const problems = problemsOf(`${healthyParts.home}\n${bomb.join('\n')}\n`);
  expect(problems.some(({ message }) => message.includes('one alias too many'))).toBe(true);
});

test('an alias of what contains it is refused', () => {
  const messages = problemsOf('home: &home {account: *home}').map(({ message }) => message);
  expect(messages).toContain('is an alias of something that contains it');
});

test('a merge key is refused with the way to write it', () => {
  const certificates =
    'certificates:\n  a: &a {names: [a.example.com], issuer: letsencrypt}\n  b: {<<: *a, names: [b.example.com], issuer: letsencrypt}';
  expect(problemsOf(configYaml({ certificates }))).toMatchObject([
    { value: '<<', fix: expect.stringContaining('Merge keys are not read') },
  ]);
});

test('line ends of Windows and a byte order mark are fine', () => {
  const text = `\ufeff${configYaml().replaceAll('\n', '\r\n')}`;
  expect(parsed(text).config.home.region).toBe('us-east-1');
});
