import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The benches of certkeep's own work, each as small as it goes: a change of the code breaks them unseen otherwise. */
test.each([
  ['bench/check.ts', ['20'], /^ +20 /m],
  ['bench/backlog.ts', ['5'], /^ +5 .*1\.00 \/ 1\.00 \/ 1\.00/m],
  ['bench/cost.ts', ['--json'], /^\{"dollarsAMonth":\[\{"certificates":10,/m],
  ['bench/rotations.ts', ['--rotations', '1', '--minutes', '1'], /^1 of 1 rotations/m],
])('%s measures a small fleet to the end', async (path, options, line) => {
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...options]);
  expect(stdout).toMatch(line);
});
