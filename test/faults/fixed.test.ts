import type { OutsideCall } from 'local-cloud/faults.ts';
import { expect, test } from 'vitest';
import { callNames, type NamedCall } from './calls.ts';
import { fixedStrikes } from './fixed.ts';
import { formerFailures, lineOf, recalled } from './former-failures.ts';
import { faultKinds } from './kinds.ts';

const base = { service: 'acm', caller: 'deploy', region: 'us-east-1', input: {} };
const read: OutsideCall = { ...base, operation: 'DescribeCertificate' };
const write: OutsideCall = { ...base, operation: 'ImportCertificate' };

/** Returns the calls of successive runs of deploy. */
function callsOf(runs: readonly (readonly [string, ...OutsideCall[]])[]): readonly NamedCall[] {
  const names = callNames('fleet');
  for (const [certificate, ...calls] of runs) {
    names.begin('deploy', { certificate });
    for (const call of calls) names.name(call);
  }
  return names.seen;
}

function told(calls: readonly NamedCall[]): readonly string[] {
  return fixedStrikes(calls).map(({ call, fault }) => `${call.certificate} ${call.nth} ${fault}`);
}

test('each fault strikes each operation of a function once, rotating through certificates and ends', () => {
  const calls = callsOf([
    ['shop', write, write, write],
    ['blog', write],
  ]);
  expect(told(calls)).toEqual([
    'shop 1 kill-before',
    'blog 1 kill-after',
    'shop 3 lose-answer',
    'shop 1 lose-answers',
    'blog 1 throttle',
    'shop 3 refuse',
    'shop 1 late',
    'blog 1 twice',
    'shop 3 freeze',
  ]);
});

test('calls in between do not change which calls are struck', () => {
  const few = callsOf([['shop', read, write, read]]);
  const more = callsOf([['shop', read, read, write, read, read]]);
  const without = (texts: readonly string[]) => texts.map((text) => text.replace(/ \d+ /, ' '));
  expect(without(told(more))).toEqual(without(told(few)));
});

test('an operation on another kind of resource is struck separately', () => {
  const put = (Key: string): OutsideCall => ({
    ...{ ...base, service: 's3', operation: 'PutObject' },
    input: { Bucket: 'certkeep', Key },
  });
  const calls = callsOf([
    ['shop', put('records/issue/shop.json'), put('budgets/a.json')],
    ['blog', put('records/issue/blog.json')],
  ]);
  const struck = Map.groupBy(fixedStrikes(calls), ({ call }) => call.resource.includes('budgets'));
  expect(struck.get(true)).toHaveLength(struck.get(false)?.length ?? 0);
});

const failure = {
  call: 'fleet deploy(shop) acm ImportCertificate',
  nth: 2,
  fault: 'twice',
  seed: 7,
  what: 'It was there twice.',
};

test('a former failure is played alone and with its seed, in whichever run its call comes', () => {
  const calls = callsOf([
    ['shop', write],
    ['shop', write],
  ]);
  const { cases, complaints } = recalled(calls, [failure]);
  expect(complaints).toEqual([]);
  expect(cases).toHaveLength(1);
  expect(cases[0]).toMatchObject({ setting: 'fleet', seed: 7, strikes: [{ fault: 'twice' }] });
  expect(cases[0]?.strikes[0]?.call.id).toBe('fleet deploy(shop)/2 acm ImportCertificate #1');
});

test('a former failure whose call does not come any more is reported with advice', () => {
  const { cases, complaints } = recalled(callsOf([['shop', write]]), [failure]);
  expect(cases).toEqual([]);
  expect(complaints).toEqual([
    expect.stringMatching(
      /^twice at fleet deploy\(shop\) acm ImportCertificate \(2\) is a former failure.*former-failures\.ts/,
    ),
  ]);
});

test('the printed line of a failure finds it again', () => {
  const calls = callsOf([['shop', write, write]]);
  const { cases } = recalled(calls, [failure]);
  const [only] = cases;
  if (!only) throw new Error('it is not found');
  expect(JSON.parse(lineOf(only))).toEqual({ ...failure, what: '' });
});

test('the faults of former failures exist', () => {
  const known = faultKinds.map(({ name }) => name);
  for (const { fault } of formerFailures) expect(known).toContain(fault);
});
