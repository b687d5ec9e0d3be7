import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certkeep-loaders-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Writes down the script of every process that it is loaded into. */
const loader =
  "data:text/javascript,import{appendFileSync}from'node:fs';appendFileSync(process.env.SEEN,process.argv[1]+'\\n')";

test('the loader of an app’s sources also loads those of the bundling process', async () => {
  const seen = join(directory, 'seen');
  const script =
    "import('#infra/bundle.ts').then(({ bundleFunctions }) => bundleFunctions({ root: '/nowhere' }))";
  const options = ['--import', loader, '--eval', script];
  // There is nothing to bundle at that root, and it is not about that.
  await new Promise<void>((resolve) => {
    execFile(process.execPath, options, { env: { ...process.env, SEEN: seen } }, () => resolve());
  });
  const [, bundling = ''] = (await readFile(seen, 'utf8')).split('\n');
  expect(bundling).toMatch(/infra\/bundling\/build\.ts$/);
});
