import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { readText } from './sources.ts';

const root = new URL('../../', import.meta.url);
const exists = (path: string) => existsSync(new URL(path, root));

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'examples/README.md',
  'local/cloud/README.md',
  ...readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test.each(pages)('every link and every test named in %s leads somewhere', (page) => {
  const text = readText(page);
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) =>
    posix.join(posix.dirname(page), to),
  );
  const tests = [...text.matchAll(/(?:\blocal\/cloud\/|\b)test\/[\w/-]+\.ts\b/g)].map(
    ([path]) => path,
  );
  expect([...links, ...tests].filter((path) => !exists(path))).toEqual([]);
});
