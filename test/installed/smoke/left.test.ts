import { afterEach, expect, test } from 'vitest';
import { steps } from '#scripts/smoke/steps.ts';
import { type SmokeStage, smokeStage } from '#test/support/smoke-stage.ts';

let stage: SmokeStage;
afterEach(() => stage?.world.close());

/** The step that changes what is not its own. */
const listenerAlone = steps.filter(({ name }) => name === 'listener');

const changing = new Set<string>([
  'importCertificate',
  'setDefault',
  'deleteCertificate',
  'removeListed',
]);

/** The person's process ends at the change of that number, before or after its effect. */
async function dieAt(number: number, when: 'before' | 'after'): Promise<'died' | 'through'> {
  let changes = 0;
  let isDead = false;
  const die = () => {
    isDead = true;
    throw new Error('dead');
  };
  const dying = new Proxy(stage.account, {
    get(target, name: keyof typeof stage.account) {
      const call = target[name] as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        if (isDead) throw new Error('dead');
        if (!changing.has(name)) return call(...given);
        if (when === 'before' && changes + 1 === number) die();
        // One that is refused, and tried again, has changed nothing.
        const answer = await call(...given);
        changes += 1;
        if (changes === number) die();
        return answer;
      };
    },
  });
  await stage.run({}, { account: dying }, listenerAlone);
  return isDead ? 'died' : 'through';
}

test.each(['before', 'after'] as const)(
  'a trial that dies %s any call that changes something is cleaned up by the next one',
  async (when) => {
    stage = await smokeStage();
    const { listener: arn } = stage.options;
    const untouched = await stage.account.listener(arn);
    let deaths = 0;
    while ((await dieAt(deaths + 1, when)) === 'died') {
      deaths += 1;
      expect(await stage.run({}, {}, listenerAlone), `died ${when} call ${deaths}`).toMatchObject({
        left: null,
      });
      expect(await stage.account.listener(arn), `died ${when} call ${deaths}`).toEqual(untouched);
      expect(stage.left()).toEqual([]);
    }
    expect(deaths).toBeGreaterThanOrEqual(4);
  },
);

test('a listener that is left changed is put back before anything else', async () => {
  stage = await smokeStage();
  expect(await dieAt(2, 'after')).toBe('died');
  const [left] = stage.left();
  expect(await stage.account.listener(stage.options.listener)).toMatchObject({ defaultArn: left });
  await stage.run({}, {}, listenerAlone);
  expect(await stage.account.listener(stage.options.listener)).toMatchObject({
    defaultArn: stage.previous,
  });
});

test('after Ctrl-C the step ends, the rest is left out, and what was made is removed', async () => {
  stage = await smokeStage();
  const stop = new AbortController();
  const say = (line: string) => {
    if (line.includes('listener:')) stop.abort();
  };
  const result = await stage.run({}, { say, signal: stop.signal });
  expect(result).toMatchObject({ outcome: 'interrupted', left: null });
  const saw = 'steps' in result ? result.steps.map((step) => step.saw) : [];
  expect(saw[4]).toMatch(/after ModifyListener/);
  expect(saw.slice(5)).toEqual(Array(5).fill('interrupted'));
  expect(stage.left()).toEqual([]);
});

test('a default that somebody else has set meanwhile is left alone', async () => {
  stage = await smokeStage();
  await dieAt(2, 'after');
  const theirs = await stage.import('theirs.example.com');
  stage.world.clock.advance(60_000);
  await stage.account.setDefault(stage.options.listener, theirs);
  await stage.run({}, {}, listenerAlone);
  expect(await stage.account.listener(stage.options.listener)).toMatchObject({
    defaultArn: theirs,
  });
  expect(stage.left()).toEqual([]);
});
