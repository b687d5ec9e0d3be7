import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** What `npm run check` runs, beside the other tests: it takes a tenth of the time of them all. */
test.each([['biome', 'check', '--error-on-warnings'], ['tsc'], ['knip', '--no-progress']])(
  '%s has nothing to say',
  { timeout: 120_000 },
  async (program, ...options) => {
    const { status, output } = await run(`node_modules/.bin/${program}`, options).then(
      () => ({ status: 0, output: '' }),
      ({ code, stdout, stderr }) => ({ status: code, output: `${stdout}${stderr}` }),
    );
    expect(status, output).toBe(0);
  },
);
