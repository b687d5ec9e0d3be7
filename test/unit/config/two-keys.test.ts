import { expect, test } from 'vitest';
import { atEntries } from '#shared/config-file/keys-of-entry.ts';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  nlbYaml,
  parsed,
  problemsOf,
  shopProblems,
} from '#test/support/config-yaml.ts';

const both = '[ecdsa-p256, rsa-2048]';
const classic = '{type: clb, region: us-east-1, loadBalancer: old}';
const shop = (fields: { key?: string; targets?: string; more?: string } = {}) =>
  certificatesYaml({ shop: { key: both, ...fields } });

function certificatesOf(certificates: string) {
  return parsed(configYaml({ certificates })).config.certificates;
}

test('an entry with two keys makes two certificates, of which the first has its id', () => {
  const [first, second, ...others] = certificatesOf(shop({ more: 'renewBefore: 20d' }));
  expect(others).toEqual([]);
  expect(first).toMatchObject({ id: 'shop', key: 'ecdsa-p256', names: ['shop.example.com'] });
  expect(second).toEqual({ ...first, id: 'shop-rsa', key: 'rsa-2048' });
  expect(second?.renewBeforeDays).toBe(20);
});

test('the second certificate is named by the kind of its key, so that a longer key is no other certificate', () => {
  const ids = (key: string) => certificatesOf(shop({ key })).map(({ id }) => id);
  expect(ids('[ecdsa-p256, rsa-4096]')).toEqual(['shop', 'shop-rsa']);
  expect(ids('[rsa-2048, ecdsa-p384]')).toEqual(['shop', 'shop-ecdsa']);
  expect(ids('[rsa-2048]')).toEqual(['shop']);
});

test.each(['sni', 'default', 'both'] as const)(
  'a listener with a list gets both certificates where the first is bound as %s',
  (position) => {
    const targets = `[${albYaml(position)}, ${nlbYaml(position)}]`;
    const [first, second] = certificatesOf(shop({ targets }));
    // A match in the list beats the default: the first has to be there too.
    const expected = position === 'sni' ? 'sni' : 'both';
    expect(first?.targets).toMatchObject([{ certificate: expected }, { certificate: expected }]);
    expect(second?.targets).toMatchObject([{ certificate: 'sni' }, { certificate: 'sni' }]);
  },
);

test('what serves one certificate gets the first that it takes', () => {
  const targets = `[${classic}, {type: cloudfront, distribution: EDFDVBD6EXAMPLE}]`;
  const [first, second] = certificatesOf(shop({ targets }));
  expect(first?.targets.map(({ type }) => type)).toEqual(['cloudfront']);
  expect(second?.targets.map(({ type }) => type)).toEqual(['clb']);
});

test('a target that takes neither key is told with its place in the file', () => {
  const key = '[ecdsa-p256, rsa-4096]';
  const problems = shopProblems({ key, targets: `[${albYaml('sni')}, ${classic}]` });
  expect(problems).toMatchObject([
    { path: 'certificates.shop.targets[1].type', message: expect.stringContaining('cannot serve') },
  ]);
});

test('what is wrong with an entry is told once, and not for each of its certificates', () => {
  const problems = shopProblems({ key: both, issuer: 'nobody', names: '[a..example.com]' });
  expect(problems.map(({ path }) => path)).toEqual([
    'certificates.shop.names[0]',
    'certificates.shop.issuer',
  ]);
});

test('a warning about the second certificate alone leads to the entry', () => {
  const certificates = certificatesYaml({
    old: { key: 'rsa-2048', targets: `[${albYaml('sni')}]` },
    shop: { key: both, targets: `[${albYaml('sni')}]` },
  });
  const { warnings } = parsed(configYaml({ certificates }));
  const paths = warnings.map(({ path }) => path);
  expect(paths).toContain('certificates.shop.targets[0]');
  expect(paths.filter((path) => path.includes('shop-rsa'))).toEqual([]);
  expect(warnings.map(({ message }) => message).join('\n')).toContain('shop-rsa');
});

test('both certificates at one listener are no rivals, and their names are no twins', () => {
  const targets = `[${albYaml('default')}]`;
  expect(parsed(configYaml({ certificates: shop({ targets }) })).warnings).toEqual(
    parsed(configYaml({ certificates: certificatesYaml({ shop: { targets } }) })).warnings,
  );
});

test('the name of the second certificate must be free', () => {
  const certificates = certificatesYaml({ shop: { key: both }, 'shop-rsa': {} });
  const problems = problemsOf(configYaml({ certificates }));
  expect(problems).toMatchObject([
    {
      path: 'certificates.shop.key',
      message: 'makes a second certificate shop-rsa, and an entry has that name',
    },
  ]);
});

test('the name of the second certificate must fit', () => {
  const long = 'a'.repeat(62);
  const problems = problemsOf(
    configYaml({ certificates: certificatesYaml({ [long]: { key: both } }) }),
  );
  expect(problems).toMatchObject([
    { path: `certificates.${long}`, message: 'is not usable as a name here' },
  ]);
});

test.each([
  ['[ecdsa-p256, ecdsa-p384]', 'two keys of one kind'],
  ['[rsa-2048, rsa-2048]', 'two keys of one kind'],
  ['[ecdsa-p256, dsa]', 'is not one of'],
  ['dsa', 'is not one of'],
  ['5', 'is not one of'],
  ['{rsa: 2048}', 'is not one of'],
])('%s are no keys', (key, message) => {
  const [problem, ...others] = shopProblems({ key });
  expect(others).toEqual([]);
  expect(problem?.path).toMatch(/^certificates\.shop\.key/);
  expect(problem?.message).toContain(message);
  expect(problem?.fix).toContain('rsa-2048');
});

test('an empty list is no key', () => {
  expect(shopProblems({ key: '[]' })).toMatchObject([
    { path: 'certificates.shop.key', message: 'has no entries' },
  ]);
});

test('of several findings at one place none is lost, but for those that repeat what is told of the first certificate', () => {
  const certificates = [
    { id: 'shop', entry: 'shop' },
    { id: 'shop-rsa', entry: 'shop' },
  ];
  const found = (id: string, key: string, message: string) => ({
    ...{ path: ['certificates', id, key], message, fix: '' },
  });
  const told = atEntries(
    [
      found('shop', 'names', 'one'),
      found('shop', 'names', 'two'),
      found('shop-rsa', 'names', 'like one, of shop-rsa'),
      found('shop-rsa', 'key', 'three'),
      found('shop-rsa', 'key', 'four'),
      found('other', 'names', 'five'),
      { path: ['alerts'], message: 'six', fix: '' },
    ],
    certificates,
  );
  expect(told.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
    'certificates.shop.names one',
    'certificates.shop.names two',
    'certificates.shop.key three',
    'certificates.shop.key four',
    'certificates.other.names five',
    'alerts six',
  ]);
});
