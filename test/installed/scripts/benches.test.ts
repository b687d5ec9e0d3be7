import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The benches of certkeep's own work, each as small as it goes: a change of the code breaks them unseen otherwise. */
test.each([
  ['bench/check.ts', ['20'], /^ +20 /m],
  ['bench/check-http.ts', ['--certificates', '20', '--runs', '1'], /^ +20 +512 /m],
  ['bench/fleet.ts', ['--only', '1', '--json'], /"n":1,.*"proven":1,"failed":0/],
  ['bench/backlog.ts', ['6'], /^ +6 .*0\.50 \/ /m],
  ['bench/cost.ts', ['--json'], /^\{"dollarsAMonth":\[\{"certificates":10,/m],
  ['bench/status.ts', ['--certificates', '20', '--runs', '1'], /^ +20 +\d+ +\d+ +\d+$/m],
  ['bench/rotations.ts', ['--rotations', '1', '--minutes', '1'], /^1 of 1 rotations/m],
])('%s measures a small fleet to the end', async (path, options, line) => {
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...options]);
  expect(stdout).toMatch(line);
});
