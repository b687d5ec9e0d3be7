import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { minuteMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { runBeside } from '#test/support/run-beside.ts';
import { type TaggedListener, taggedListener } from '#test/support/tagged-listener.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let theirs: TaggedListener;
beforeAll(async () => {
  const source = `${configText('  docs: {names: [docs.example.com], issuer: local}\n')}\ndiscovery: approve\n`;
  world = await startWorld(source, { clock: virtualClock(new Date()) });
  await world.check();
  theirs = await taggedListener(world, 'theirs');
  await theirs.tag({ 'certkeep:certificate': 'docs' });
  await world.live(40 * minuteMs);
});
afterAll(() => world?.close());

const reason = ['--reason', 'it is ours'];

test('what waits is listed, with exit status 1, and status names the command', async () => {
  const listed = await runBeside(world, ['approve']);
  expect(listed).toMatchObject({ code: 1, stderr: '' });
  expect(listed.stdout).toBe(
    [
      'STATE    CERTIFICATE  POSITION  PLACE',
      'waiting  docs         sni       000000000000/us-east-1',
      `  ${theirs.listener}`,
      '',
    ].join('\n'),
  );
  const { stdout } = await runBeside(world, ['status']);
  expect(stdout).toContain('Discovered:');
  expect(stdout).toContain('npx certkeep approve');
  const json = await runBeside(world, ['approve', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject([{ arn: theirs.listener, state: 'waiting' }]);
});

test.each([
  ['nobody can say that it is the right certificate', [], '--certificate is missing'],
  ['another certificate is named', ['--certificate', 'shop'], '"shop" is not in the configuration'],
])('nothing is done where %s', async (_, more, message) => {
  const answer = await runBeside(world, ['approve', theirs.listener, ...more, ...reason]);
  expect({ ...answer, stderr: '' }).toEqual({ code: 2, stdout: '', stderr: '' });
  expect(answer.stderr).toContain(message);
  expect(answer.stderr).toContain('\nNext: npx certkeep approve');
  expect((await theirs.held()).list).toEqual([]);
});

test('an ARN that was not found is refused, with the command that lists', async () => {
  const answer = await runBeside(world, ['approve', theirs.loadBalancer, ...reason]);
  expect(answer).toMatchObject({ code: 2, stdout: '' });
  expect(answer.stderr).toContain('no such ARN was found with the tag');
});

test('approved, it is bound; withdrawn, it is left', async () => {
  const named = ['--certificate', 'docs'];
  const approved = await runBeside(world, ['approve', theirs.listener, ...named, ...reason]);
  expect(approved).toMatchObject({ code: 0, stderr: '' });
  expect(approved.stdout).toMatch(/^It is approved, and bound now: /);
  await world.live(40 * minuteMs);
  const held = await theirs.held();
  expect(held.list).toHaveLength(1);
  expect((await runBeside(world, ['approve'])).stdout).toContain('approved');
  const withdrawn = await runBeside(world, ['approve', theirs.listener, '--withdraw', ...reason]);
  expect(withdrawn).toMatchObject({ code: 0, stderr: '' });
  expect(withdrawn.stdout).toMatch(/^certkeep leaves it as it is from now on\./);
  await world.live(40 * minuteMs);
  expect(await theirs.held()).toEqual(held);
});
