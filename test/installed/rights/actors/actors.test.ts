import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isFull } from '#test/support/full.ts';
import { actors } from './actors.ts';
import { attempts } from './attempts.ts';
import { columnIn } from './outcome.ts';
import { play } from './play.ts';

const page = readFileSync(new URL('../../../../docs/security-actors.md', import.meta.url), 'utf8');

/** The work of each role: an actor with the role can do that. */
const work: Readonly<Record<string, readonly string[]>> = {
  issue: ['key', 'account', 'dns'],
  deploy: ['key', 'listener'],
};

const weakest = ['alert', 'PutObject'];
const played = actors.filter(({ name }) => isFull || weakest.includes(name));

test.each(played.map((actor) => [actor.name, actor] as const))(
  '%s achieves what docs/security-actors.md says, and no more (npm run actors)',
  { timeout: 300_000 },
  async (name, actor) => {
    const outcomes = await play(actor);
    const shown = columnIn(page, name);
    expect(attempts.map(({ id }) => [id, outcomes.get(id)])).toEqual(
      attempts.map(({ id }, at) => [id, shown[at]]),
    );
  },
);

test('nobody achieves anything critical or high beyond the work of their role', () => {
  const beyond = actors.flatMap(({ name }) => {
    const shown = columnIn(page, name);
    return attempts
      .filter(({ severity }, at) => severity !== 'medium' && shown[at] === 'through')
      .filter(({ id }) => !work[name]?.includes(id))
      .map(({ id }) => `${name}: ${id}`);
  });
  expect(beyond).toEqual([]);
});
