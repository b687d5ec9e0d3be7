import { expect, test } from 'vitest';
import { sourcesOf } from './sources.ts';

const production = sourcesOf('shared', 'functions');

/** The files, other than those allowed, whose text holds what only they may. */
function astray(pattern: RegExp, allowed: readonly string[], among = production) {
  return among
    .filter(({ path, text }) => pattern.test(text) && !allowed.includes(path))
    .map(({ path }) => path);
}

test('the environment is read in one place', () => {
  expect(astray(/process\.env/, ['functions/handler.ts'])).toEqual([]);
});

test('the time is asked in one place', () => {
  const real = /Date\.now\(|new Date\(\)|performance\.now\(|setTimeout\(|setInterval\(/;
  // A TLS handshake is bounded in real time: sockets know no other.
  expect(astray(real, ['shared/time/clock.ts', 'shared/deploy/probe/handshake.ts'])).toEqual([]);
});

test('all waiting ends with the run, since one file sleeps', () => {
  // The ledger has a pause of its own between two writes.
  expect(astray(/\.sleep\(/, ['shared/time/waiting.ts'])).toEqual([]);
});

test('a key leaves its Secret only where it is stored, imported or signed with', () => {
  const edges = [
    'shared/secret.ts',
    'shared/x509/readable.ts',
    'shared/issuers/acme/client.ts',
    'shared/issuers/acme/external-account.ts',
    // Keys of DNS services, which sign requests to them.
    'shared/solvers/alidns/client.ts',
    'shared/solvers/cloudflare/client.ts',
    'shared/solvers/credentials.ts',
    'shared/solvers/dnspod/client.ts',
    'shared/solvers/template/client.ts',
    'shared/deploy/import/acm-client.ts',
    'shared/deploy/import/iam/iam-client.ts',
    'shared/keystores/secrets-manager/client.ts',
    'shared/keystores/secrets-manager/material.ts',
    'shared/keystores/secrets-manager/secrets-manager.ts',
    'shared/keystores/template/template.ts',
    'shared/issuers/template/client.ts',
    // The address of the dead-man service.
    'shared/check/signs/heartbeat.ts',
  ];
  expect(astray(/\.reveal\(\)/, edges)).toEqual([]);
});

test('of the command line only export opens keys, where it makes its files', () => {
  expect(astray(/\.reveal\(\)/, ['cli/keep/export/files.ts'], sourcesOf('cli'))).toEqual([]);
});

test('every request to a bucket names its expected owner, because one file makes them all', () => {
  const asking = /Object\w*Command\b|ListObjects|\.putObject\(|\.getObject\(/;
  const all = sourcesOf('shared', 'functions', 'scripts', 'infra', 'bench');
  expect(astray(asking, ['shared/adapters/s3-object-store.ts'], all)).toEqual([]);
  const store = all.find(({ path }) => path === 'shared/adapters/s3-object-store.ts')?.text ?? '';
  const calls = [...store.matchAll(/new \w+Command\(\{([^}]*)/g)].map(([, fields]) => fields);
  expect(calls.length).toBeGreaterThan(4);
  expect(calls.filter((fields) => !/\.\.\.(?:at|placeOf\(options\))/.test(fields ?? ''))).toEqual(
    [],
  );
  expect(store).toContain('ExpectedBucketOwner: owner');
});

test('functions write nothing to the console', () => {
  expect(astray(/console\.(log|info|warn|error|debug)|process\.std/, [])).toEqual([]);
});

test('tests mock no module and keep no snapshots', () => {
  const habits = /vi\.mock\(|toMatchSnapshot|toMatchInlineSnapshot/;
  expect(astray(habits, ['test/house/effects.test.ts'], sourcesOf('test'))).toEqual([]);
});

test('the names of resources and of their tags stand in one place', () => {
  const names = /\{installation\}|certkeep:(managed|credentials)/;
  // The address of an imaginary store of keys.
  const allowed = ['shared/installation.ts', 'shared/keystores/template/plugin.ts'];
  expect(astray(names, allowed, sourcesOf('shared', 'functions', 'infra', 'scripts'))).toEqual([]);
});
