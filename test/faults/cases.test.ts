import type { OutsideCall } from 'local-cloud/faults.ts';
import { expect, test } from 'vitest';
import { callNames } from './calls.ts';
import { casesOf } from './cases.ts';
import { isSilent } from './kinds.ts';
import { readOptions } from './options.ts';

const base = { service: 'acm', caller: 'deploy', region: 'us-east-1', input: {} };
const read: OutsideCall = { ...base, operation: 'DescribeCertificate' };
const write: OutsideCall = { ...base, operation: 'ImportCertificate' };

function callsOf(...certificates: readonly string[]) {
  return callsIn('fleet', ...certificates);
}

function callsIn(setting: string, ...certificates: readonly string[]) {
  const names = callNames(setting);
  for (const certificate of certificates) {
    names.begin('deploy', { certificate });
    for (const call of [read, write]) names.name(call);
  }
  return names.seen;
}

function groups(calls: ReturnType<typeof callsOf>, ...args: readonly string[]) {
  return casesOf(calls, readOptions(args, new Date(0))).map(({ strikes }) => strikes);
}

test('every call gets at least seven faults, and one that changes something two more', () => {
  const faults = Map.groupBy(groups(callsOf('shop')).flat(), ({ call }) => call.operation);
  expect(faults.get('DescribeCertificate')).toHaveLength(7);
  expect(faults.get('ImportCertificate')).toHaveLength(9);
});

test('one world takes one fault on the way of each certificate', () => {
  const struck = groups(callsOf('shop', 'blog', 'api'));
  expect(struck).toHaveLength(16);
  for (const group of struck) {
    expect(group.map(({ call }) => call.certificate).toSorted()).toEqual(['api', 'blog', 'shop']);
  }
});

test('a function with very many calls takes up to four of them in one world', () => {
  const struck = groups(callsOf(...Array.from({ length: 60 }, () => 'shop')));
  const loud = struck.filter((group) => !group.some(isSilent));
  expect(loud.length).toBeLessThan(loud.flat().length / 2);
  expect(Math.max(...loud.map((group) => group.length))).toBe(4);
});

test('calls of two functions for one certificate are struck in one world', () => {
  const names = callNames('fleet');
  for (const caller of ['deploy', 'verify']) {
    names.begin(caller, { certificate: 'shop' });
    names.name({ ...read, caller });
  }
  for (const group of groups(names.seen)) {
    expect(group.map(({ call }) => call.functionName)).toEqual(['deploy', 'verify']);
  }
});

test('faults that nobody need hear of are struck without others, so that any message to people shows', () => {
  const struck = groups(callsOf('shop', 'blog'));
  const silent = struck.filter((group) => group.every(isSilent));
  expect(new Set(silent.flat().map(({ fault }) => fault))).toEqual(
    new Set(['lose-answer', 'twice']),
  );
  expect(struck.filter((group) => group.some(isSilent))).toEqual(silent);
});

test('a world has one setting', () => {
  const calls = [...callsIn('fleet', 'shop'), ...callsIn('inherited', 'news')];
  for (const group of groups(calls)) {
    expect(new Set(group.map(({ call }) => call.setting)).size).toBe(1);
  }
  expect(() => groups(calls, '--case', '1:freeze', '--case', '3:freeze')).toThrow(
    '--case: fleet and inherited are not one world',
  );
});

test('with --alone, each strike has its own world', () => {
  expect(groups(callsOf('shop', 'blog'), '--alone')).toHaveLength(32);
});

test('a call is selected by its number or a part of its name', () => {
  const asked = (call: string) =>
    groups(callsOf('shop'), '--call', call, '--fault', 'twice').map(([strike]) => strike?.call.id);
  expect(asked('2')).toEqual(['fleet deploy(shop)/1 acm ImportCertificate #1']);
  expect(asked('acm Import')).toEqual(asked('2'));
});

test('if several calls are requested, each of them must exist', () => {
  const asked = (...names: readonly string[]) =>
    groups(callsOf('shop'), ...names.flatMap((name) => ['--call', name]), '--fault', 'throttle');
  expect(asked('acm Import', 'acm Describe').flat()).toHaveLength(2);
  expect(() => asked('acm Import', 'acm Export')).toThrow('--call acm Export: there is no');
});

test('several named cases are played in one world', () => {
  const [group] = groups(callsOf('shop'), '--case', '1:freeze', '--case', '2:twice');
  expect(group?.map(({ call, fault }) => `${call.operation} ${fault}`)).toEqual([
    'DescribeCertificate freeze',
    'ImportCertificate twice',
  ]);
});

test('a fault that does not exist is refused with those that do', () => {
  expect(() => readOptions(['--fault', 'flood'], new Date(0))).toThrow(/flood.*kill-before/);
  expect(() => readOptions(['--jobs', 'two'], new Date(0))).toThrow('--jobs two');
});

test('a setting that does not exist is refused with those that do', () => {
  expect(() => readOptions(['--setting', 'flood'], new Date(0))).toThrow(/flood.*fleet, inherited/);
});
