import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { operator } from 'local-cloud/operator.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announceKeptCloud } from '#cli/reach/kept-cloud.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { hidden } from '#shared/text/plain-text.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let isRefused = true;

beforeAll(async () => {
  const source = configText(`
  bad:
    names: [bad.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('struck')}"}]
  good:
    names: [bücher.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('well')}"}]
`);
  // The command lives in the time of the machine, which the first hour of the world nearly reaches.
  const clock = virtualClock(addMs(new Date(), -70 * minuteMs));
  world = await startWorld(source, { clock });
  world.cloud.faults.add({
    when: ({ operation, input }) =>
      isRefused &&
      operation === 'ModifyListener' &&
      (input as { readonly ListenerArn: string }).ListenerArn.includes('/struck/'),
    fault: { do: 'refuse', code: 'AccessDenied', status: 403 },
    times: Number.POSITIVE_INFINITY,
  });
});
afterAll(() => world?.close());

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** The command as a person runs it, who has credentials and a region in the environment. */
function certkeep(
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const { NO_COLOR: _, COLUMNS: __, ...rest } = process.env;
  const env = {
    ...rest,
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_REGION: 'us-east-1',
    ...more,
  };
  return new Promise((resolve) => {
    const command = ['cli/certkeep.ts', ...args];
    const child = execFile(process.execPath, command, { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
    onStart(child);
  });
}

test('before the first check nothing can be read, and it says where to look', async () => {
  const { code, stderr, stdout } = await certkeep(['status']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('certkeep-000000000000-us-east-1 has no status/status.json');
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    `Next: ${logCommand('/aws/lambda/certkeep-check', 'us-east-1')}`,
  );
});

test('while one certificate is in trouble it comes first, and somebody is needed', async () => {
  await world.live(hourMs);
  const { code, stderr, stdout } = await certkeep(['status']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(
    /^certkeep in 000000000000\/us-east-1, checked (just now|\d+ minutes? ago)\n/,
  );
  expect(stdout).toMatch(/^(warning|critical) +bad +bad\.example\.com .*\n +.*: ServiceDenied: /m);
  expect(stdout).toMatch(/^well +good +bücher\.example\.com /m);
  expect(stdout.split('\n').filter((line) => line.length > 80 || hidden.test(line))).toEqual([]);

  const json = JSON.parse((await certkeep(['status', '--failing', '--json'])).stdout);
  expect(json.certificates.map(({ id }: { readonly id: string }) => id)).toEqual(['bad']);
});

test('--watch ends with Ctrl-C, and says whether somebody is needed', async () => {
  const { code, stdout } = await certkeep(['status', '--watch'], {}, (child) => {
    child.stdout?.once('data', () => child.kill('SIGINT'));
  });
  expect(code).toBe(1);
  expect(stdout).toContain('2 certificates: ');
});

test('show says what is wrong with it, where, and the next step', async () => {
  const { code, stderr, stdout } = await certkeep(['show', 'bad']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/^ {2}(warning|critical): Deployed \(.*\) is false: ServiceDenied$/m);
  expect(stdout).toMatch(/ in 000000000000\/us-east-1: failed$/m);
  expect(stdout).toContain('docs/runbook.md#servicedenied');
  const { history, targets } = JSON.parse((await certkeep(['show', 'bad', '--json'])).stdout);
  expect(targets).toMatchObject([{ state: 'failed', lastProvenAt: null }]);
  expect((await certkeep(['history', 'bad'])).stdout.trimEnd().split('\n')).toHaveLength(
    history.length,
  );
});

test('when the cause is gone, all is well, and a target says when it was proven', async () => {
  isRefused = false;
  await world.check({ certificates: ['bad'], retry: true, reason: 'the right is there again' });
  await world.live(hourMs);
  const { code, stdout } = await certkeep(['status', 'bad', 'good']);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^well +bad/m) });
  const shown = await certkeep(['show', 'bad']);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/^ {4}last proven +\d{4}-/m);
});

test.each([
  ['an unknown certificate', ['show', 'goood'], {}, 'did you mean "good"?'],
  ['another installation', ['status', '--installation', 'other'], {}, 'there is no bucket other-'],
  [
    'a cloud that does not answer',
    ['status'],
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    'AWS cannot be reached',
  ],
])('%s: it says so, and the next command', async (_, args, env, message) => {
  const { code, stderr, stdout } = await certkeep(args, env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/\nNext: \S+ .*\n$/);
});

test('--local finds a kept cloud without anything in the environment, while it answers', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'certkeep-local-'));
  const path = join(directory, `certkeep-local-cloud-${userInfo().uid}.json`);
  const place = { region: 'us-east-1', account: '000000000000', installation: 'certkeep' };
  const nothing = { AWS_ENDPOINT_URL: '', AWS_ACCESS_KEY_ID: '', AWS_REGION: '' };
  const looking = () => certkeep(['status', '--local'], { ...nothing, TMPDIR: directory });
  try {
    expect((await looking()).stderr).toBe(
      'certkeep: no local cloud is kept running here\nNext: npm start -- --keep\n',
    );
    const { endpoint } = world.cloud;
    announceKeptCloud({ ...place, endpoint, credentials: operator }, path);
    expect((await looking()).stdout).toContain('2 certificates');
    const gone = 'http://127.0.0.1:9';
    announceKeptCloud({ ...place, endpoint: gone, credentials: operator }, path);
    expect(await looking()).toEqual({
      code: 2,
      stdout: '',
      stderr: `certkeep: the local cloud at ${gone} does not answer\nNext: npm start -- --keep\n`,
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
