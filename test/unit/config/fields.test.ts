import { expect, test } from 'vitest';
import { configYaml, problemsOf, shopProblems } from '#test/support/config-yaml.ts';

test.each([
  ['names: 1.5', { names: '[1.5]' }, 'certificates.shop.names[0]', 'is a number', '"1.5"'],
  ['a name that is true', { names: '[true]' }, 'certificates.shop.names[0]', 'boolean', '"true"'],
  [
    'one name, no list',
    { names: 'a.example.com' },
    'certificates.shop.names',
    'not a list',
    'names: [a.example.com]',
  ],
  ['no names', { names: '[]' }, 'certificates.shop.names', 'has no entries', 'at least one'],
  ['empty names', { names: '~' }, 'certificates.shop.names', 'is empty', 'names:'],
  ['missing names', { names: '' }, 'certificates.shop.names', 'is missing', 'names:'],
  ['missing issuer', { issuer: '' }, 'certificates.shop.issuer', 'is missing', 'issuer:'],
  ['a mistyped key', { key: 'ecdsa-p265' }, 'certificates.shop.key', 'one of', '"ecdsa-p256"'],
  ['an unknown key kind', { key: 'ed25519' }, 'certificates.shop.key', 'one of', 'rsa-2048'],
  [
    'text for days',
    { more: 'renewBeforeDays: "9"' },
    'certificates.shop.renewBeforeDays',
    'number',
    'without quotes',
  ],
  [
    'less than two hours',
    { more: 'renewBeforeDays: 0.04' },
    'certificates.shop.renewBeforeDays',
    'less than 0.05',
    'at least 0.05',
  ],
  [
    'more than the longest life',
    { more: 'renewBeforeDays: 397.5' },
    'certificates.shop.renewBeforeDays',
    'more than 397',
    'at most 397',
  ],
  [
    'days without an end',
    { more: 'renewBeforeDays: .inf' },
    'certificates.shop.renewBeforeDays',
    'not a number',
    'without quotes',
  ],
  [
    'no days',
    { more: 'renewBeforeDays: 0' },
    'certificates.shop.renewBeforeDays',
    'less than 0.05',
    'at least 0.05',
  ],
  [
    'a mistyped field',
    { more: 'adpot: in-place' },
    'certificates.shop.adpot',
    'not a key',
    '"adopt"',
  ],
  [
    'a foreign field',
    { more: 'colour: red' },
    'certificates.shop.colour',
    'not a key',
    'Known here: names',
  ],
  [
    'an unknown target',
    { targets: '[{type: gwlb}]' },
    'certificates.shop.targets[0].type',
    'Gateway Load Balancers are not supported',
    'alb',
  ],
  [
    'a target without type',
    { targets: '[{}]' },
    'certificates.shop.targets[0].type',
    'is missing',
    'alb, nlb, clb',
  ],
  [
    'a target that is text',
    { targets: '[alb]' },
    'certificates.shop.targets[0]',
    'block',
    'indented',
  ],
  [
    'not a listener',
    { targets: '[{type: alb, listener: "?"}]' },
    'certificates.shop.targets[0].listener',
    'is not the ARN',
    'listener: arn:',
  ],
])('%s', (_, fields, path, message, fix) => {
  const [problem, ...others] = shopProblems(fields);
  expect(others).toEqual([]);
  expect(problem?.path).toBe(path);
  expect(problem?.message).toContain(message);
  expect(problem?.fix).toContain(fix);
  expect(problem?.line).toBeGreaterThan(1);
});

test.each(['home', 'issuers', 'solvers', 'certificates'] as const)('%s must be there', (part) => {
  const problems = problemsOf(configYaml({ [part]: '' }));
  expect(problems).toContainEqual(expect.objectContaining({ path: part, message: 'is missing' }));
});
