import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { sourcesOf } from './sources.ts';

/**
 * The rooms of shared/ and what each may import, from the top down: a room knows only rooms below it. Files that
 * stand in no room (`shared/errors.ts`) are the ground, which everybody may import. Any room may import aws/, http/, schema/, text/ and time/.
 */
const mayImport: readonly (readonly [room: string, below: readonly string[]])[] = [
  [
    'check',
    'acquire deploy discovery finish rate-limits config issuers targets keystores status ledger queues'.split(
      ' ',
    ),
  ],
  ['config-file', 'acquire deploy config solvers issuers targets channels'.split(' ')],
  ['adapters', 'deploy config solvers ledger queues'.split(' ')],
  [
    'acquire',
    'rate-limits config solvers issuers targets keystores crl dns x509 ledger queues'.split(' '),
  ],
  ['deploy', 'config targets keystores x509 ledger queues'.split(' ')],
  ['discovery', 'config targets ledger'.split(' ')],
  ['finish', 'config issuers channels keystores status ledger queues'.split(' ')],
  ['rate-limits', 'config issuers ledger'.split(' ')],
  ['config', 'solvers issuers targets channels'.split(' ')],
  ['solvers', 'keystores dns'.split(' ')],
  ['issuers', 'keystores crl x509'.split(' ')],
  ['targets', []],
  ['channels', []],
  ['keystores', []],
  ['crl', ['x509']],
  ['dns', []],
  ['x509', []],
  ['status', []],
  ['ledger', []],
  ['queues', []],
  ['schema', []],
  ['aws', []],
  ['http', []],
  ['text', []],
  ['time', []],
];
const rooms = mayImport.map(([room]) => room);
const common = ['aws', 'http', 'schema', 'text', 'time'];
const ground = 'shared';

const sources = sourcesOf(ground);

function roomOf(path: string): string {
  const [, room = '', ...rest] = path.split('/');
  return rest.length > 0 ? room : ground;
}

test('every room has a row, and no row goes up', () => {
  expect(new Set(sources.map(({ path }) => roomOf(path)))).toEqual(new Set([...rooms, ground]));
  const up = mayImport.flatMap(([room, below]) =>
    below.filter((other) => rooms.indexOf(other) <= rooms.indexOf(room)).map((to) => [room, to]),
  );
  expect(up).toEqual([]);
});

test('a room imports only the rooms of its row', () => {
  const allowed = new Map(mayImport.map(([room, below]) => [room, [room, ...below, ...common]]));
  const astray = sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ isProject, to }) => isProject && roomOf(to) !== ground)
      .filter(({ to }) => !allowed.get(roomOf(path))?.includes(roomOf(to)))
      .map(({ to }) => `${path} -> ${to}`),
  );
  expect(astray).toEqual([]);
});

test('no row allows an import that nobody makes', () => {
  const used = new Set(
    sources.flatMap(({ path, imports }) =>
      imports.map(({ to }) => `${roomOf(path)} ${roomOf(to)}`),
    ),
  );
  const idle = mayImport.flatMap(([room, below]) =>
    below.map((other) => `${room} ${other}`).filter((pair) => !used.has(pair)),
  );
  expect(idle).toEqual([]);
});

test('a folder has about a dozen files', () => {
  const sizes = Map.groupBy(sources, ({ path }) => posix.dirname(path));
  const large = [...sizes].filter(([, files]) => files.length > 13);
  expect(large.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
});
