import { expect, test } from 'vitest';
import { problemsOf } from '#test/support/config-yaml.ts';

const file = `home:
  account: "123456789012"
  region: us-east-1
alerts:
  email: [ops@certkeep.dev]
solvers:
  - type: route53
certificates:
  shop:
    names: [shop.certkeep.dev, www.certkeep.dev]
    issuer: letsencrypt
    key: ecdsa-p256
`;

test.each([
  [
    'a list that is not closed',
    'www.certkeep.dev]',
    'www.certkeep.dev',
    10,
    'a list "[" at column 12',
    '"]"',
  ],
  [
    'one before a key at the margin',
    'ops@certkeep.dev]',
    'ops@certkeep.dev',
    5,
    'a list "[" at column 10',
    '"]"',
  ],
  [
    'a block that is not closed',
    '[shop.certkeep.dev, www.certkeep.dev]',
    '{a: b',
    10,
    'a block "{"',
    '"}"',
  ],
  [
    'a list in a list',
    '[ops@certkeep.dev]',
    '[[ops@certkeep.dev]',
    5,
    'a list "[" at column 10',
    '"]"',
  ],
  ['a quote', '"123456789012"', '"123456789012', 2, 'a quote at column 12', '(")'],
  ['a single quote', '"123456789012"', "'123456789012", 2, 'a quote at column 12', "(')"],
  ['a line too deep', '    issuer', '     issuer', 11, 'indented by 5 spaces', 'by 4'],
  ['a line not deep enough', '    issuer', '   issuer', 11, 'indented by 3 spaces', 'by 2 or 4'],
  [
    'a key beside its list',
    'route53\n',
    'route53\n   roleArn: x\n',
    8,
    'indented by 3 spaces',
    'by 2 or 4',
  ],
  [
    'a key without its colon',
    'issuer: ',
    'issuer ',
    11,
    'no ":" behind its key',
    'a colon and a space',
  ],
  [
    'a key without the space',
    'issuer: ',
    'issuer:',
    11,
    'no space behind its colon',
    '"issuer: letsencrypt"',
  ],
  [
    'a block that a list closes',
    '[shop.certkeep.dev, www.certkeep.dev]',
    '[{a: b]',
    10,
    'a block "{" at column 13',
    '"}"',
  ],
])('%s is told where it is', (_, right, wrong, line, message, fix) => {
  const problems = problemsOf(file.replace(right, wrong));
  expect(problems).toMatchObject([
    { line, message: expect.stringContaining(message), fix: expect.stringContaining(fix) },
  ]);
});

test('closed brackets are not reported: an error behind a text with brackets keeps its place', () => {
  const text = `# [ { "\nhome: {a: "]["}\nalerts:\n  email: '{['\n  note: |\n    [ {\nsolvers: @x\n`;
  expect(problemsOf(text)).toMatchObject([
    { line: 7, message: 'has a value that starts with a reserved character' },
  ]);
});
