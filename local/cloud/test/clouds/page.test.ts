import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cloudsPage } from './page.ts';

test('docs/clouds.md is up to date (node local/cloud/test/clouds/write-page.ts)', () => {
  const page = new URL('../../../../docs/clouds.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(`${cloudsPage()}\n`);
});
