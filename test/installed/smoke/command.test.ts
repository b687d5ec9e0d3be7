import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, expect, test } from 'vitest';
import { type SmokeStage, smokeStage } from '#test/support/smoke-stage.ts';

let stage: SmokeStage;
afterEach(() => stage?.world.close());

/** The command is in real time, so nothing lags here. */
const atOnce = {
  route53InsyncMs: 0,
  balancerSpreadMs: [0, 0],
  replicationMs: 0,
  acmListLagMs: 0,
  acmInUseByLagMs: 0,
  elbCertificateLagMs: 0,
};

/** The command tells the time by itself: what it makes has to be valid in the cloud as well. */
function realStage() {
  return smokeStage(undefined, { consistency: atOnce, clock: virtualClock(new Date()) });
}

/** The command as a person runs it, with ordinary credentials; `onLine` sees what it says on the way. */
async function command(
  args: readonly string[],
  onLine: (line: string, stop: () => void) => void = () => {},
) {
  const { account, region, zone, listener } = stage.options;
  const named = { account, region, zone, listener };
  const all = Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, ['scripts/smoke.ts', ...all, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: stage.world.cloud.endpoint,
      AWS_ACCESS_KEY_ID: 'AKIAPERSON',
      AWS_SECRET_ACCESS_KEY: 'secret',
    },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
    onLine(part, () => child.kill('SIGINT'));
  });
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  // Whoever waits out of this process has a clock of its own, and the cloud's must go on meanwhile.
  const ticking = setInterval(() => stage.world.clock.advance(1_000), 50);
  try {
    const shown = await text(child.stdout);
    return { status: await ended, said, shown };
  } finally {
    clearInterval(ticking);
  }
}

test('the command asks the endpoint named in the environment, and its last line is the result', async () => {
  stage = await realStage();
  await stage.ready();
  const { status, said, shown } = await command(['--yes', '--json']);
  expect({ status, said }).toMatchObject({
    status: 0,
    said: expect.stringContaining('10/10 messages'),
  });
  const last = JSON.parse(shown.trimEnd().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ account: '000000000000', outcome: 'ok', left: null });
  expect(last.steps).toHaveLength(10);
  expect(stage.left()).toEqual([]);
});

test('without --yes and nobody to ask it touches nothing', async () => {
  stage = await realStage();
  expect(await command([])).toMatchObject({ status: 2, said: expect.stringContaining('--yes') });
  expect(stage.changes()).toEqual([]);
});

test('Ctrl-C in the middle leaves nothing behind', async () => {
  stage = await realStage();
  const { status, shown } = await command(['--yes'], (line, stop) => {
    if (line.includes('listener:')) stop();
  });
  expect(status).toBe(130);
  expect(shown).toContain('interrupted');
  expect(stage.left()).toEqual([]);
  expect(await stage.account.listener(stage.options.listener)).toMatchObject({
    defaultArn: stage.previous,
  });
});
